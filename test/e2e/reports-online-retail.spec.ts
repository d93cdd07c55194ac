import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System } from './harness/index.js';
import { finishedReport, onlineRetail, ready, startDataset } from './harness/uploads.js';

const directory = process.env['TEST_DATA_DIR'] ?? '';

// Needs the full data set: set TEST_DATA_DIR to the folder that holds reference.json.
describe.skipIf(!existsSync(join(directory, 'reference.json')))('a report on all of Online Retail', () => {
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ workers: 1 });
  });
  afterAll(() => system.stop());

  it('equals the reference shopper by shopper and is about as good as the best known for k = 2…8', async () => {
    const full = await system.make.tenant();
    const { upload } = await startDataset(full.analyst, full, onlineRetail().csv);
    await ready(full.viewer.api, upload.id, 120_000);
    const request = { customerId: full.customerId, asOf: '2011-12-10T12:50:00Z' };
    const { report: accepted } = expectStatus(await full.analyst.api.post('/reports', request), 202);
    const made = await finishedReport(full.viewer.api, accepted.id);
    expect(made.data).toMatchObject({ rows: 397_884, shoppers: 4338, revenue: 8_911_407.904 });
    const reference = JSON.parse(readFileSync(join(directory, 'reference.json'), 'utf8'));
    const known = reference.online_retail.rfm_clean.kmeans_log1p_standardised;
    for (const { k, inertia } of made.selection.filter((score: JsonBody) => score.k <= 8)) {
      expect(inertia, `k = ${k}`).toBeLessThanOrEqual(1.0005 * known[k].best_of_50_starts_tol0.inertia);
    }
    const table = readFileSync(join(directory, 'reference/online_retail_clean_rfm.csv'), 'utf8');
    const lines = table
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const { body } = await full.viewer.api.get(`/reports/${made.id}/export?format=json`);
    expect(
      body.map(({ shopperId, features }: JsonBody) => [shopperId, features.recencyDays, features.frequency]),
    ).toEqual(lines.map(([id, recency, frequency]) => [id, Number(recency), Number(frequency)]));
    const worst = body.map(({ features }: JsonBody, row: number) =>
      Math.abs(features.monetary / Number(lines[row]?.[3]) - 1),
    );
    expect(Math.max(...worst)).toBeLessThan(1e-9);
  });
});
