import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { finishedReport, ready, retailSample, startDataset } from './harness/uploads.js';

let system: System;
beforeAll(async () => {
  system = await startSystem({ workers: 2 });
});
afterAll(() => system.stop());

/** Rows after the header in another order, the same every time for a seed. */
function shuffled(csv: Buffer, seed: number): string {
  const [header = '', ...rows] = csv.toString('utf8').trimEnd().split('\n');
  let state = seed;
  for (let last = rows.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const other = state % (last + 1);
    [rows[last], rows[other]] = [rows[other] ?? '', rows[last] ?? ''];
  }
  return `${[header, ...rows].join('\n')}\n`;
}

async function uploaded(content: string | Buffer): Promise<Tenant> {
  const tenant = await system.make.tenant();
  const { upload } = await startDataset(tenant.analyst, tenant, content);
  await ready(tenant.viewer.api, upload.id);
  return tenant;
}

async function made(tenant: Tenant, request: object = {}): Promise<JsonBody> {
  const body = { customerId: tenant.customerId, rfm: { bins: 4 }, ...request };
  const { report } = expectStatus(await tenant.analyst.api.post('/reports', body), 202);
  return finishedReport(tenant.viewer.api, report.id);
}

/** What a report says, without the names of itself and of its data. */
async function saidBy(tenant: Tenant, request: object = {}): Promise<string> {
  const report = await made(tenant, request);
  const { selection, k, quality, segments, projection, rfm, data } = report;
  const { uploads: _uploads, ...figures } = data;
  const members = await tenant.viewer.api.get(`/reports/${report.id}/export?format=json`);
  return JSON.stringify({ selection, k, quality, segments, projection, rfm, figures, members: members.body });
}

describe('a report', () => {
  const features = [
    'recencyDays',
    'frequency',
    'monetary',
    'averageBasket',
    'itemsPerBasket',
    'distinctProducts',
    'tenureDays',
    'daysBetweenOrders',
    'returnRate',
  ];

  it('is byte-equal whatever the order of the rows, with every feature', async () => {
    const { csv } = retailSample();
    const [first, ...others] = await Promise.all(
      [csv, shuffled(csv, 1), shuffled(csv, 2)].map(async (content) =>
        saidBy(await uploaded(content), { features }),
      ),
    );
    expect(first).toContain('"segments":[{');
    for (const other of others) expect(other).toBe(first);
  });

  it('is byte-equal twenty times, by either of two workers', async () => {
    const tenant = await uploaded(retailSample().csv);
    const said = new Set<string>();
    for (let time = 0; time < 20; time += 1) {
      const report = await made(tenant);
      said.add(JSON.stringify([report.selection, report.segments.map(withoutPast), report.quality]));
      expectStatus(await tenant.analyst.api.delete(`/reports/${report.id}`), 204);
    }
    expect(said.size).toBe(1);
  });

  it('is made by a second worker while the first makes another', async () => {
    const tenant = await uploaded(retailSample().csv);
    // Work for a while, with all nine habits.
    const reports = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => made(tenant, { seed, features })));
    const { rows } = await system.database.query<{ overlap: boolean }>(
      `SELECT count(*) > 0 AS overlap FROM tasks AS one JOIN tasks AS other ON one.id < other.id
        AND one.started_at < other.finished_at AND other.started_at < one.finished_at
        WHERE one.report_id = ANY($1) AND other.report_id = ANY($1)`,
      [reports.map(({ id }) => id)],
    );
    expect(rows[0]?.overlap).toBe(true);
  });
});

describe('a report of a few thousand shoppers', () => {
  // Enough for several threads to share the work.
  const SHOPPERS = 1200;
  const THREADS = ['1', '2', '4'];
  /** REPORT_RUNS=7 makes it more than twenty runs in all. */
  const runsEach = Number(process.env['REPORT_RUNS'] ?? 2);

  it(
    'is byte-equal with one, two and four threads, run after run',
    async () => {
      const lines = Array.from({ length: 4 * SHOPPERS }, (_, row) => {
        const shopper = (row * 7919) % SHOPPERS;
        const day = `2024-${10 + (row % 3)}-${10 + ((row * shopper) % 19)}`;
        return `S${shopper},O${row},${day},${1 + ((row * 31) % 997) / 7}\n`;
      });
      const tenant = await uploaded(`customer,order,date,amount\n${lines.join('')}`);
      const said = new Set<string>();
      for (const threads of THREADS) {
        for (const worker of system.workers.splice(0)) await worker.stop();
        await system.startWorker({ CLUSTERING_THREADS: threads });
        for (let run = 0; run < runsEach; run += 1) {
          const report = await made(tenant, { kMax: 6 });
          expect(report.status).toBe('succeeded');
          const { segments, selection, quality, projection, rfm } = report;
          said.add(JSON.stringify([segments.map(withoutPast), selection, quality, projection, rfm]));
          expectStatus(await tenant.analyst.api.delete(`/reports/${report.id}`), 204);
        }
      }
      expect(said.size).toBe(1);
    },
    60_000 + 60_000 * runsEach,
  );
});

const withoutPast = ({ continues: _continues, ...segment }: JsonBody): JsonBody => segment;
