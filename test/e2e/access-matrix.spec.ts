import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTORS, type Actor, actorClients, expectedStatus } from './access/actors.js';
import { administrationRows } from './access/administration-rows.js';
import { dataRows } from './access/data-rows.js';
import { operations } from './access/operations.js';
import { identityRows, lastRows } from './access/identity-rows.js';
import { linkRows } from './access/link-rows.js';
import { sourceRows } from './access/source-rows.js';
import type { Row, Rows, World } from './access/row.js';
import { notificationRows } from './access/notification-rows.js';
import { tenancyRows } from './access/tenancy-rows.js';
import { workRows } from './access/work-rows.js';
import { makeWorld } from './access/world.js';
import type { ApiClient } from './harness/index.js';

const UUID_LENGTH = 36;
const ROWS: Rows = {
  ...identityRows,
  ...tenancyRows,
  ...dataRows,
  ...linkRows,
  ...sourceRows,
  ...workRows,
  ...notificationRows,
  ...administrationRows,
  ...lastRows,
};

let world: World;
let clients: Record<Actor, ApiClient>;

beforeAll(async () => {
  world = await makeWorld();
  clients = await actorClients(world);
});
afterAll(() => world.system.stop());

it('S2: every operation has a row, and every row an operation', async () => {
  const document = await world.system.api.get('/api/openapi.json');
  expect(operations(document.body).toSorted()).toEqual(Object.keys(ROWS).toSorted());
});

/** How many changes the audit knows of. */
async function changes(): Promise<number> {
  const { rows } = await world.system.database.query<{ count: string }>(
    `SELECT count(*) FROM audit_entries WHERE action NOT IN ('access.denied', 'login.success')`,
  );
  return Number(rows[0]?.count);
}

interface Attempt {
  status: number;
  /** What else is wrong with the answer. */
  faults: string[];
}

const isOutside = (actor: Actor): boolean =>
  !['viewer', 'analyst', 'owner', 'ownerKey', 'administrator'].includes(actor);

/** Calls the operation as the actor; a refusal must tell nothing and change nothing. */
async function attempt(operation: string, row: Row, actor: Actor): Promise<Attempt> {
  const [method = '', template = ''] = operation.split(' ');
  const { params = {}, query = '', body } = (await row.call?.(world)) ?? {};
  const path = template.replaceAll(/\{(\w+)\}/g, (_match, name: string) => params[name] ?? `no ${name}`);
  const before = await changes();
  const answer = await clients[actor].send(method, path + query, body === undefined ? {} : { body });
  const { tenant } = world;
  const ids = Object.values(params).filter((value) => value.length === UUID_LENGTH);
  const secrets = [tenant.customerId, tenant.storeId, tenant.owner.email, world.data.uploadId, ...ids];
  const faults: string[] = [];
  if (row.needs !== 'public' && isOutside(actor) && secrets.some((secret) => answer.text.includes(secret))) {
    faults.push(`shows what is not theirs: ${answer.text}`);
  }
  if (answer.status >= 400) {
    if (answer.body?.code === undefined) faults.push(`is no problem: ${answer.text}`);
    if ((await changes()) !== before) faults.push('was refused and yet changed something');
  }
  return { status: answer.status, faults };
}

describe.each(Object.entries(ROWS))('S2: %s', (operation, rows) => {
  it.each([rows].flat().map((row) => [row.needs, row] as const))('needs %s', async (_needs, row) => {
    const expected: Partial<Record<Actor, Attempt>> = {};
    const got: Partial<Record<Actor, Attempt>> = {};
    for (const actor of ACTORS) {
      expected[actor] = { status: expectedStatus(row, actor), faults: [] };
      got[actor] = await attempt(operation, row, actor);
    }
    expect(got).toEqual(expected);
  });
});
