import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ApiClient, startSystem, type System, type Tenant, until } from './harness/index.js';
import { csvForm, ready, retailSample, startDataset } from './harness/uploads.js';

const control = process.env['SERVICES_CONTROL_URL'];
const READY_WITHIN_MS = 15_000;

/** The table of docs/operations.md: what is promised of each request while a service is down. */
const { header, rows } = promises();

let system: System;
let tenant: Tenant;
let datasetId: string;
let asked = 0;

beforeAll(async () => {
  system = await startSystem({ workers: 1, env: { TASK_SWEEP_SECONDS: '1', TASK_LEASE_SECONDS: '5' } });
  tenant = await system.make.tenant();
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, retailSample().csv);
  await ready(tenant.analyst.api, upload.id);
  datasetId = dataset.id;
});
afterAll(() => system.stop());

/** Each column's request. No two of them are equal, so that none is answered from the cache of answers. */
const REQUESTS: Record<string, () => Promise<Answer>> = {
  'api ready': () => system.api.get('/health/ready'),
  'worker ready': () => new ApiClient(system.workers[0]?.url ?? '').get('/health/ready'),
  live: () => system.api.get('/health/live'),
  'sign in': () => {
    const { email, password } = tenant.viewer;
    return system.api.post('/auth/login', { email, password });
  },
  lists: () => tenant.viewer.api.get(`/datasets?customerId=${tenant.customerId}`),
  upload: () => {
    const form = csvForm({ customerId: tenant.customerId, name: 'during' }, `Shopper,n\nA,${(asked += 1)}\n`);
    return tenant.analyst.api.post('/datasets', form);
  },
  'rows at hand': () => tenant.viewer.api.get(`/datasets/${datasetId}/rows?pageSize=${200 + (asked += 1)}`),
  'rows to fetch': () => {
    forgetFrames();
    return tenant.viewer.api.get(`/datasets/${datasetId}/rows?pageSize=${200 + (asked += 1)}`);
  },
  report: () =>
    tenant.analyst.api.post('/reports', { customerId: tenant.customerId, k: 3, seed: (asked += 1) }),
};

const shown = ({ status, body }: Answer): string =>
  typeof body?.dependencies === 'object' ? `${status} ${body.status}` : String(status);

/** What the requests are answered with, by column. */
async function answers(): Promise<{ shown: Record<string, string>; accepted: string[]; without: string[] }> {
  const seen: Record<string, string> = {};
  const accepted: string[] = [];
  const without: string[] = [];
  for (const column of header) {
    const answer = await REQUESTS[column]?.();
    if (answer === undefined) throw new Error(`nobody knows the column ${column}`);
    seen[column] = shown(answer);
    if (column === 'upload' && answer.status === 202) accepted.push(answer.body.upload.id);
    if (answer.status === 503 && !(Number(answer.headers.get('retry-after')) >= 1)) without.push(column);
  }
  return { shown: seen, accepted, without };
}

const isReady = (column: 'api ready' | 'worker ready', expected: string) =>
  until(
    `${column} to be ${expected}`,
    async () => shown((await REQUESTS[column]?.()) as Answer) === expected,
    READY_WITHIN_MS,
  );

/** As in a process that never read them. */
function forgetFrames(): void {
  for (const name of readdirSync(system.dataDirectory, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.parquet')) rmSync(join(system.dataDirectory, name), { force: true });
  }
}

async function ask(action: 'start' | 'stop', service: string): Promise<void> {
  const answer = await fetch(`${control}/${action}/${service}`, { method: 'POST' });
  expect(answer.status).toBe(204);
}

describe('L11: the table of docs/operations.md', () => {
  it('names every service', () => {
    expect(rows.map(({ down }) => down)).toEqual(['nothing', 'postgres', 'mongo', 'rabbitmq', 'redis']);
    expect(header).toEqual(Object.keys(REQUESTS));
  });

  // Only services that the run itself provides can be stopped.
  it.skipIf(control === undefined).each(rows)('holds with $down down', async ({ down, cells }) => {
    const isService = down !== 'nothing';
    const provided = isService && down === 'redis' ? system.environment['REDIS_URL'] !== undefined : true;
    if (!provided) return;
    let accepted: string[];
    const rowsAtHand = await REQUESTS['rows at hand']?.();
    expect(rowsAtHand?.status).toBe(200);
    if (isService) await ask('stop', down);
    try {
      // L7: readiness follows within seconds.
      await isReady('api ready', cells['api ready'] ?? '');
      await isReady('worker ready', cells['worker ready'] ?? '');
      const seen = await answers();
      expect(seen.shown).toEqual(cells);
      expect(seen.without).toEqual([]);
      accepted = seen.accepted;
    } finally {
      if (isService) await ask('start', down);
    }
    await isReady('api ready', '200 ok');
    await isReady('worker ready', '200 ok');
    // What was accepted meanwhile is done.
    for (const id of accepted) expect((await ready(tenant.analyst.api, id)).rowCount).toBe(1);
  });
});

interface Promised {
  down: string;
  /** What is promised, by column. */
  cells: Record<string, string>;
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function promises(): { header: string[]; rows: Promised[] } {
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const section = /^## When a service is down$([\s\S]*?)^## /m.exec(page)?.[1] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  const [first = '', , ...rest] = lines;
  const [, ...columns] = cellsOf(first);
  return {
    header: columns,
    rows: rest.map((line) => {
      const [down = '', ...cells] = cellsOf(line);
      return { down, cells: Object.fromEntries(columns.map((column, n) => [column, cells[n] ?? ''])) };
    }),
  };
}
