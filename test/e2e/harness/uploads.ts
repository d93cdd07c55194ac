import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { ApiClient, JsonBody } from './api-client.js';
import { expectStatus, type SignedInUser, type Tenant, unique } from './factory.js';
import { until } from './until.js';

const SAMPLE = fileURLToPath(new URL('../../fixtures/online-retail-sample/', import.meta.url));

/** Online Retail with what is known about it. */
export interface RetailData {
  csv: Buffer;
  rows: number;
  duplicateRows: number;
  rowsWithoutShopper: number;
  rowsWithoutDescription: number;
  firstAt: string;
  lastAt: string;
}

/** All of it where TEST_DATA_DIR names the full data sets, else the bundled slice. */
export function onlineRetail(): RetailData {
  const full = join(process.env['TEST_DATA_DIR'] || '.', 'online_retail.csv.gz');
  if (process.env['TEST_DATA_DIR'] !== undefined && existsSync(full)) {
    return {
      csv: gunzipSync(readFileSync(full)),
      rows: 541_909,
      duplicateRows: 5268,
      rowsWithoutShopper: 135_080,
      rowsWithoutDescription: 1454,
      firstAt: '2010-12-01T08:26:00',
      lastAt: '2011-12-09T12:50:00',
    };
  }
  return retailSample();
}

/** The bundled slice. */
export function retailSample(): RetailData {
  const figures = JSON.parse(readFileSync(join(SAMPLE, 'figures.json'), 'utf8')) as Omit<RetailData, 'csv'>;
  return { ...figures, csv: gunzipSync(readFileSync(join(SAMPLE, 'online-retail-sample.csv.gz'))) };
}

/** A form with fields before the file. */
export function csvForm(
  fields: Record<string, string>,
  content: string | Buffer,
  fileName = 'sales.csv',
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const bytes = typeof content === 'string' ? content : new Uint8Array(content);
  form.append('file', new Blob([bytes], { type: 'text/csv' }), fileName);
  return form;
}

/** Sends a file that begins a dataset. */
export async function startDataset(
  user: SignedInUser,
  { customerId }: Pick<Tenant, 'customerId'>,
  content: string | Buffer,
  fields: Record<string, string> = {},
): Promise<{ dataset: JsonBody; upload: JsonBody; task: JsonBody }> {
  const form = csvForm({ customerId, name: unique('dataset'), ...fields }, content);
  return expectStatus(await user.api.post('/datasets', form), 202);
}

/** The upload once it is read. */
export function ready(api: ApiClient, uploadId: string, timeoutMs?: number): Promise<JsonBody> {
  return until(
    `upload ${uploadId} to be ready`,
    async () => {
      const upload = expectStatus(await api.get(`/uploads/${uploadId}`), 200);
      if (upload.status === 'failed' || upload.status === 'cancelled') {
        throw new Error(`the upload ${upload.status}: ${JSON.stringify(upload.error)}`);
      }
      return upload.status === 'ready' && upload;
    },
    timeoutMs,
  );
}

/** The report once it is made, well or not. */
export function finishedReport(api: ApiClient, reportId: string, timeoutMs?: number): Promise<JsonBody> {
  return until(
    `report ${reportId} to be finished`,
    async () => {
      const report = expectStatus(await api.get(`/reports/${reportId}`), 200);
      return ['succeeded', 'failed', 'cancelled'].includes(report.status) && report;
    },
    timeoutMs,
  );
}
