import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System } from './harness/index.js';
import { finishedReport, ready, startDataset } from './harness/uploads.js';

const directory = process.env['TEST_DATA_DIR'] ?? '';
const PATIENCE_MS = 120_000;
const WHOLESALE = ['Fresh', 'Milk', 'Grocery', 'Frozen', 'Detergents_Paper', 'Delicassen'];
const MALL = ['Annual Income (k$)', 'Spending Score (1-100)'];
/** The columns of a file that has no header. */
const CDNOW_SAMPLE = { shopperId: 'column1', orderedAt: 'column3', quantity: 'column4', amount: 'column5' };

/** A real data set and what is known of its clusters: the place in reference.json, by k. */
interface Case {
  file: string;
  known: readonly string[];
  request?: object;
  /** Fields of the upload. */
  fields?: Record<string, string>;
  /** Habits of every shopper. */
  table?: string;
}

const none = { transform: 'none' };
const cases: Case[] = [
  {
    file: 'CDNOW_master.txt',
    known: ['cdnow_master', 'rfm', 'kmeans_log1p_standardised'],
    table: 'cdnow_master',
  },
  {
    file: 'CDNOW_sample.txt',
    known: ['cdnow_sample', 'rfm', 'kmeans_log1p_standardised'],
    fields: { mapping: JSON.stringify({ roles: CDNOW_SAMPLE }) },
  },
  {
    file: 'Retail_Data_Transactions.csv.gz',
    known: ['retail_transactions', 'rfm', 'kmeans_log1p_standardised'],
    table: 'retail_transactions',
  },
  {
    file: 'Retail_Data_Transactions.csv.gz',
    known: ['retail_transactions', 'rfm', 'kmeans_standardised_no_log'],
    request: none,
  },
  {
    file: 'Mall_Customers.csv',
    known: ['mall', 'kmeans_income_score_raw'],
    request: { ...none, scaling: 'none', features: MALL },
  },
  {
    file: 'Mall_Customers.csv',
    known: ['mall', 'kmeans_income_score_standardised'],
    request: { ...none, features: MALL },
  },
  {
    file: 'Mall_Customers.csv',
    known: ['mall', 'kmeans_age_income_score_raw'],
    request: { ...none, scaling: 'none', features: ['Age', ...MALL] },
  },
  {
    file: 'Wholesale customers data.csv',
    known: ['wholesale', 'kmeans_raw6'],
    fields: { kind: 'shoppers' },
    request: { ...none, scaling: 'none', features: WHOLESALE },
  },
  {
    file: 'Wholesale customers data.csv',
    known: ['wholesale', 'kmeans_standardised6'],
    fields: { kind: 'shoppers' },
    request: { ...none, features: WHOLESALE },
  },
  {
    file: 'Wholesale customers data.csv',
    known: ['wholesale', 'kmeans_log1p_standardised6'],
    fields: { kind: 'shoppers' },
    request: { features: WHOLESALE },
  },
];

interface KnownScore {
  inertia: number;
  best_of_50_starts_tol0?: { inertia: number };
}

// Needs the full data sets: set TEST_DATA_DIR to the folder that holds reference.json.
describe.skipIf(!existsSync(join(directory, 'reference.json')))('reports on real data', () => {
  let system: System;
  const datasets = new Map<
    string,
    Promise<{ tenant: Awaited<ReturnType<System['make']['tenant']>>; id: string }>
  >();

  beforeAll(async () => {
    system = await startSystem({ workers: 1 });
  });
  afterAll(() => system.stop());

  async function upload({ file, fields }: Case) {
    const tenant = await system.make.tenant();
    const bytes = readFileSync(join(directory, file));
    const { dataset, upload } = await startDataset(
      tenant.analyst,
      tenant,
      file.endsWith('.gz') ? gunzipSync(bytes) : bytes,
      fields,
    );
    await ready(tenant.viewer.api, upload.id, PATIENCE_MS);
    return { tenant, id: dataset.id as string };
  }

  it.each(cases)(
    '$file: the inertia of every k is at most 0.05 % above the best known ($known)',
    async (each) => {
      const uploaded = datasets.get(each.file) ?? upload(each);
      datasets.set(each.file, uploaded);
      const { tenant } = await uploaded;
      const request = { customerId: tenant.customerId, kMin: 2, ...each.request };
      const { report } = expectStatus(await tenant.analyst.api.post('/reports', request), 202);
      const made = await finishedReport(tenant.viewer.api, report.id, PATIENCE_MS);
      expect(made.error).toBeNull();
      const reference = JSON.parse(readFileSync(join(directory, 'reference.json'), 'utf8'));
      const known: Record<string, KnownScore> = each.known.reduce((at, name) => at[name], reference);
      const compared = made.selection.filter(({ k }: JsonBody) => known[k] !== undefined);
      expect(compared.length).toBeGreaterThan(3);
      for (const { k, inertia } of compared) {
        const best = known[k]?.best_of_50_starts_tol0?.inertia ?? known[k]?.inertia ?? 0;
        expect(inertia / best, `k = ${k}`).toBeLessThanOrEqual(1.0005);
      }
      if (each.table === undefined) return;
      const table = readFileSync(join(directory, `reference/${each.table}_rfm.csv`), 'utf8');
      const rows = table.trim().split(/\r?\n/).slice(1);
      const expected = new Map(rows.map((row) => [row.split(',')[0], row.split(',').slice(1).map(Number)]));
      const { body } = await tenant.viewer.api.get(`/reports/${made.id}/export?format=json`);
      expect(body).toHaveLength(expected.size);
      for (const { shopperId, features } of body) {
        const [recency, frequency, monetary = 0] = expected.get(shopperId) ?? [];
        expect([shopperId, features.recencyDays, features.frequency]).toEqual([
          shopperId,
          recency,
          frequency,
        ]);
        expect(Math.abs(features.monetary - monetary)).toBeLessThanOrEqual(1e-9 * monetary);
      }
    },
  );
});
