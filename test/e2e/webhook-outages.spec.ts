import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique, until } from './harness/index.js';
import { Receiver } from './harness/receiver.js';

const MESSAGES = 10;
const MINUTE = 60;
const HOUR = 60 * MINUTE;

let system: System;
let receiver: Receiver;
let tenant: Tenant;
/** Seconds that have gone by for whatever waits. */
let clock = 0;

beforeAll(async () => {
  receiver = await Receiver.start();
  // The pauses between attempts are those of production.
  system = await startSystem({ workers: 1, env: { TASK_SWEEP_SECONDS: '1', WEBHOOK_ALLOW_PRIVATE: 'true' } });
  tenant = await system.make.tenant();
});
afterAll(async () => {
  await system.stop();
  await receiver.stop();
});

async function hook(): Promise<{ id: string; path: string }> {
  const path = `/${unique('hook')}`;
  const body = { customerId: tenant.customerId, url: receiver.url + path };
  return { id: expectStatus(await tenant.owner.api.post('/webhooks', body), 201).id, path };
}

const number = async (query: string): Promise<number | null> =>
  (await system.database.query<{ value: number | null }>(query)).rows[0]?.value ?? null;
const DELIVERIES = "FROM tasks WHERE kind = 'delivery' AND status IN ('queued', 'running')";

/** Makes all attempts that are due, then lets time go by until a minute after the next. @returns whether there is one */
async function goOn(): Promise<boolean> {
  await until(
    'all that is due to be tried',
    async () =>
      (await number(
        `SELECT count(*)::int AS value ${DELIVERIES} AND (run_at <= now() OR status = 'running')`,
      )) === 0,
    120_000,
  );
  const next = await number(`SELECT extract(epoch FROM min(run_at) - now())::float8 AS value ${DELIVERIES}`);
  if (next === null) return false;
  const seconds = next + MINUTE;
  clock += seconds;
  await system.database.query(
    `UPDATE tasks SET run_at = run_at - gone, announced_at = announced_at - gone
       FROM make_interval(secs => $1) AS gone WHERE kind = 'delivery' AND status = 'queued'`,
    [seconds],
  );
  return true;
}

it('D12: receivers that are down for half an hour and for twelve hours are told everything, each once', async () => {
  const outages = new Map([
    [await hook(), 30 * MINUTE],
    [await hook(), 12 * HOUR],
  ]);
  const downUntil = new Map([...outages].map(([{ path }, seconds]) => [path, seconds]));
  const processed: string[] = [];
  receiver.answer = (response, { path, headers }) => {
    if (clock < (downUntil.get(path) ?? 0)) return response.writeHead(503).end();
    processed.push(`${path} ${String(headers['webhook-id'])}`);
    return response.writeHead(204).end();
  };
  const ordered: string[] = [];
  for (const { id, path } of outages.keys()) {
    for (let n = 0; n < MESSAGES; n += 1) {
      const { delivery } = expectStatus(await tenant.owner.api.post(`/webhooks/${id}/test`), 202);
      ordered.push(`${path} ${delivery.messageId}`);
    }
  }
  while (await goOn());
  expect(processed.toSorted()).toEqual(ordered.toSorted());
  for (const { id } of outages.keys()) {
    const { results } = expectStatus(
      await tenant.owner.api.get(`/webhooks/${id}/deliveries?pageSize=100&status=delivered`),
      200,
    );
    expect(results).toHaveLength(MESSAGES);
    expect(expectStatus(await tenant.owner.api.get(`/webhooks/${id}`), 200).enabled).toBe(true);
  }
  // Nothing was given up, and nothing took longer than the pauses say.
  expect(clock).toBeGreaterThan(12 * HOUR);
  expect(clock).toBeLessThan(24 * HOUR);
});
