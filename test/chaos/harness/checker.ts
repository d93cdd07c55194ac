import { expect } from 'vitest';
import { type ApiClient, expectStatus, type System, until } from '../../e2e/harness/index.js';
import { isFull } from './profile.js';
import type { Operation } from './workload.js';

/** What the state in the end says of the operations, as Jepsen's set checker does. */
export interface Verdict {
  /** Accepted rows that cannot be read. */
  lost: number;
  /** Rows that can be read and were never sent, or were refused. */
  phantom: number;
  /** Rows that can be read more than once. */
  doubled: number;
  /** Files of which a part can be read. */
  torn: number;
  rows: number;
}

export const CLEAN: Omit<Verdict, 'rows'> = { lost: 0, phantom: 0, doubled: 0, torn: 0 };

/** A long outage leaves hundreds of files to read. */
const BACKLOG_MS = isFull ? 600_000 : 120_000;

/** Waits until nothing is queued or running any more. */
export async function settled(system: System, timeoutMs = BACKLOG_MS): Promise<void> {
  await until(
    'all tasks to be finished',
    async () => {
      const { rows } = await system.database
        .query("SELECT count(*) AS open FROM tasks WHERE status IN ('queued', 'running')")
        .catch(() => ({ rows: [] }));
      return rows[0]?.open === '0';
    },
    timeoutMs,
  );
}

/** Reads everything that a dataset shows and compares it with what was sent to it. */
export async function verdictOf(
  api: ApiClient,
  datasetId: string,
  operations: readonly Operation[],
): Promise<Verdict> {
  const answer = await api.get(`/datasets/${datasetId}/export?format=csv&columns=token&raw=true`);
  expectStatus(answer, 200);
  const seen = new Map<string, number>();
  for (const line of answer.text.split(/\r?\n/).slice(1)) {
    if (line !== '') seen.set(line, (seen.get(line) ?? 0) + 1);
  }
  const verdict: Verdict = { lost: 0, phantom: 0, doubled: 0, torn: 0, rows: 0 };
  for (const count of seen.values()) {
    verdict.rows += count;
    if (count > 1) verdict.doubled += 1;
  }
  for (const { batch, rows, outcome } of operations) {
    let found = 0;
    for (let seq = 0; seq < rows; seq += 1) if (seen.delete(`${batch}:${seq}`)) found += 1;
    if (outcome === 'ok') verdict.lost += rows - found;
    if (outcome === 'failed') verdict.phantom += found;
    if (found !== 0 && found !== rows) verdict.torn += 1;
  }
  verdict.phantom += seen.size;
  return verdict;
}

/** An administrator's key does not exist, and a token does not outlive a long run. */
export async function administrator({ api, admin }: System): Promise<ApiClient> {
  const { email, password } = admin;
  return api.as(expectStatus(await api.post('/auth/login', { email, password }), 200).accessToken);
}

/** C9: what `npm run check` compares agrees: Postgres, MongoDB, blobs, queues, cache, audit. */
export async function expectAgreement(system: System): Promise<void> {
  const report = expectStatus(await (await administrator(system)).post('/admin/check'), 200);
  expect(report.differences).toEqual([]);
}

/** The one verdict that is good enough. */
export async function expectClean(
  system: System,
  api: ApiClient,
  datasetId: string,
  operations: readonly Operation[],
): Promise<Verdict> {
  const verdict = await verdictOf(api, datasetId, operations);
  expect(verdict).toMatchObject(CLEAN);
  const { rows } = await system.database.query(
    `SELECT status, count(*) FROM uploads WHERE dataset_id = $1 AND status <> 'ready' GROUP BY status`,
    [datasetId],
  );
  expect(rows).toEqual([]);
  await expectAgreement(system);
  return verdict;
}
