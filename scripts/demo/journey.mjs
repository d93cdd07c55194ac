import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LauncherError } from '../services/processes.mjs';
import { ApiProblem } from './api-client.mjs';
import { ProgressBar } from './progress-bar.mjs';

const POLL_MILLISECONDS = 150;
// A few steps a second say nothing; thousands of rows do.
const TELLING_RATE = 100;
const FINISHED = ['succeeded', 'failed', 'cancelled'];

/**
 * @typedef {object} Stage
 * @property {import('./api-client.mjs').ApiClient} api
 * @property {NodeJS.WriteStream} output
 */

/**
 * Sends a file, or finds the upload that already has its bytes.
 * @param {Stage} stage
 * @param {import('./demo-account.mjs').DemoAccount} account
 * @param {string} file
 */
export async function uploadFile({ api, output }, { customerId, storeId }, file) {
  const total = fs.statSync(file).size;
  const bar = new ProgressBar('upload', output);
  const name = path.basename(file);
  const fields = { customerId: customerId ?? '', storeId: storeId ?? '', name: path.parse(name).name };
  const onBytes = (/** @type {number} */ sent) => bar.update(sent, total, `${size(sent)} of ${size(total)}`);
  try {
    const { upload } = await api.upload('/datasets', fields, { path: file, name, onBytes });
    return { upload, seconds: bar.finish(`${name}, ${size(total)}`) };
  } catch (error) {
    const first =
      error instanceof ApiProblem && error.problem.code === 'duplicate' ? error.problem.uploadId : undefined;
    if (typeof first !== 'string') {
      bar.abandon();
      throw error;
    }
    const seconds = bar.finish(`${name} is already there, going on from it`);
    return { upload: await api.get(`/uploads/${first}`), seconds };
  }
}

/**
 * Waits until the rows of an upload can be read.
 * @param {Stage} stage
 * @param {any} upload
 */
export async function followIngest(stage, upload) {
  const bar = new ProgressBar('ingest', stage.output);
  await followTask(stage.api, upload.taskId, bar);
  const ready = await stage.api.get(`/uploads/${upload.id}`);
  const rejected = ready.rejectedCount > 0 ? `, ${count(ready.rejectedCount)} rejected` : '';
  return { upload: ready, seconds: bar.finish(`${count(ready.rowCount)} rows${rejected}`) };
}

/**
 * @param {Stage} stage
 * @param {import('./demo-account.mjs').DemoAccount} account
 * @param {string} datasetId
 */
export async function makeReport({ api, output }, { customerId }, datasetId) {
  const bar = new ProgressBar('report', output);
  try {
    const { report, task } = await api.post('/reports', { customerId, datasetIds: [datasetId] });
    if (task !== undefined && task !== null) await followTask(api, task.id, bar);
    const finished = await api.get(`/reports/${report.id}`);
    const { rows, shoppers } = finished.data;
    return { report: finished, seconds: bar.finish(`${count(shoppers)} shoppers from ${count(rows)} rows`) };
  } catch (error) {
    bar.abandon();
    throw error;
  }
}

/** @param {import('./api-client.mjs').ApiClient} api @param {string} taskId @param {ProgressBar} bar */
async function followTask(api, taskId, bar) {
  let attempts = 1;
  for (;;) {
    const task = await api.get(`/tasks/${taskId}`);
    if (task.attempts > attempts) {
      attempts = task.attempts;
      bar.remark(`attempt ${attempts} of ${task.maxAttempts}; the worker's log tells what went wrong`);
    }
    if (FINISHED.includes(task.status)) {
      if (task.status === 'succeeded') return;
      bar.abandon();
      throw new LauncherError(task.error?.message ?? `The task was ${task.status}.`);
    }
    const { done = 0, total = 0 } = task.progress ?? {};
    bar.update(done, total, describe(task));
    await delay(POLL_MILLISECONDS);
  }
}

/** @param {any} task */
function describe({ status, progress }) {
  if (status === 'queued') return 'waiting for a worker';
  if (!(progress?.done > 0)) return 'started';
  const { done, unit, ratePerSecond } = progress;
  const rate = ratePerSecond >= TELLING_RATE ? `, ${count(Math.round(ratePerSecond))}/s` : '';
  return `${count(done)} ${unit}${done === 1 || unit.endsWith('s') ? '' : 's'}${rate}`;
}

const count = (/** @type {number} */ value) => (value ?? 0).toLocaleString('en');
const size = (/** @type {number} */ bytes) =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
