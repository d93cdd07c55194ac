/**
 * node examples/segments.mjs sales.csv segments.csv
 *
 * Uploads a file, waits until it is read, has a report made of it and downloads every shopper with segment and habits.
 * DATACORE_URL names the api (http://localhost:8000), DATACORE_KEY is an API key with the role analyst.
 */
import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { answer, createApiClient, uploadDataset, waitForTask } from '@datacore/api-client';

const [input = 'sales.csv', output = 'segments.csv'] = process.argv.slice(2);
const baseUrl = process.env.DATACORE_URL ?? 'http://localhost:8000';
const api = createApiClient({ baseUrl, token: process.env.DATACORE_KEY });

const { results: customers } = await answer(api.GET('/api/v1/customers', {}));
const customerId = customers[0]?.id;
if (customerId === undefined) throw new Error('The key belongs to no customer.');

const fileName = basename(input);
const file = await openAsBlob(input);
const { upload, task } = await uploadDataset(api, { customerId, name: fileName, file, fileName });
await succeeded(task.id);

const asked = await answer(api.POST('/api/v1/reports', { body: { customerId } }));
if ('task' in asked) await succeeded(asked.task.id);
const path = { reportId: asked.report.id };
const report = await answer(api.GET('/api/v1/reports/{reportId}', { params: { path } }));
for (const { label, size, summary } of report.segments) {
  process.stdout.write(`${label}: ${size} shoppers. ${summary}\n`);
}

const members = await answer(
  api.GET('/api/v1/reports/{reportId}/export', {
    params: { path, query: { format: 'csv' } },
    parseAs: 'text',
  }),
);
await writeFile(output, members);
process.stdout.write(`Upload ${upload.id}, report ${report.id}: every shopper is in ${output}.\n`);

async function succeeded(taskId) {
  const { status, error } = await waitForTask(api, taskId);
  if (status !== 'succeeded') throw new Error(error?.message ?? `The task was ${status}.`);
}
