import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';

const FORMS = JSON.parse(
  readFileSync(new URL('../fixtures/forbidden-addresses/forms.json', import.meta.url), 'utf8'),
) as string[];
const PORTS = [80, 443, 8443];

let system: System;
let tenant: Tenant;
let connections = 0;
const canaries: Server[] = [];

/** Listens where a delivery would arrive; a port that is taken or not ours to take has another canary. */
async function listen(host: string, port: number): Promise<void> {
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => {
    server.once('error', () => resolve());
    server.listen({ host, port, ipv6Only: host.includes(':') }, () => {
      canaries.push(server);
      resolve();
    });
  });
}

beforeAll(async () => {
  for (const port of PORTS) for (const host of ['0.0.0.0', '::']) await listen(host, port);
  system = await startSystem({ workers: 1, env: { TASK_SWEEP_SECONDS: '1', DELIVERY_RETRY_SECONDS: '1' } });
  tenant = await system.make.tenant();
});
afterAll(async () => {
  await system.stop();
  await Promise.all(canaries.map((server) => new Promise((resolve) => server.close(resolve))));
});

describe(`S13: ${FORMS.length} forms of addresses that nothing may be sent to`, () => {
  it('are refused when they are named', async () => {
    expect(FORMS.length).toBeGreaterThanOrEqual(80);
    expect(canaries.length).toBeGreaterThan(0);
    const { customerId, owner } = tenant;
    const accepted: string[] = [];
    for (const url of FORMS) {
      const answer = await owner.api.post('/webhooks', { customerId, url });
      if (answer.status !== 422 || answer.body.fields.url === undefined)
        accepted.push(`${url}: ${answer.status}`);
    }
    expect(accepted).toEqual([]);
    const fine = await owner.api.post('/webhooks', { customerId, url: 'https://example.com/hook' });
    expect(expectStatus(fine, 201).url).toBe('https://example.com/hook');
    const moved = await owner.api.patch(`/webhooks/${fine.body.id}`, { url: 'https://127.0.0.1/' });
    expect(moved.status).toBe(422);
    expect(connections).toBe(0);
  });

  it('are refused again when something is to be sent, and no connection is made', async () => {
    const { customerId, owner } = tenant;
    const ids: string[] = [];
    for (const url of FORMS) {
      const id = uuidv7();
      // As if they had been let through, or led elsewhere then.
      await system.database.query(
        `INSERT INTO webhooks (id, customer_id, url, events, secret) VALUES ($1, $2, $3, '{}', 'whsec_c2VjcmV0')`,
        [id, customerId, url],
      );
      expectStatus(await owner.api.post(`/webhooks/${id}/test`), 202);
      ids.push(id);
    }
    await until('all deliveries to end', async () => {
      const { rows } = await system.database.query<{ open: number }>(
        `SELECT count(*)::int AS open FROM deliveries WHERE status = 'pending'`,
      );
      return rows[0]?.open === 0;
    });
    const { rows } = await system.database.query<{ status: string; attempts: { error: string }[] }>(
      'SELECT status, attempts FROM deliveries WHERE webhook_id = ANY($1)',
      [ids],
    );
    expect(rows).toHaveLength(FORMS.length);
    const others = rows.filter(
      ({ status, attempts }) =>
        status !== 'failed' || attempts.length !== 1 || !attempts[0]?.error.includes('private or reserved'),
    );
    expect(others).toEqual([]);
    expect(connections).toBe(0);
  });
});
