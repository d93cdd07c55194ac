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
export function uploadFile({ api, output }, { customerId = '', storeId = '' }, file) {
  const total = fs.statSync(file).size;
  const name = path.basename(file);
  const fields = { customerId, storeId, name: path.parse(name).name };
  return withBar('upload', output, async (bar) => {
    const onBytes = (/** @type {number} */ sent) =>
      bar.update(sent, total, `${size(sent)} of ${size(total)}`);
    try {
      const { upload } = await api.upload('/datasets', fields, { path: file, name, onBytes });
      return { upload, seconds: bar.finish(`${name}, ${size(total)}`) };
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.problem.code !== 'duplicate') throw error;
      const seconds = bar.finish(`${name} is already there, going on from it`);
      return { upload: await api.get(`/uploads/${error.problem.uploadId}`), seconds };
    }
  });
}

/**
 * Waits until the rows of an upload can be read.
 * @param {Stage} stage
 * @param {any} upload
 */
export function followIngest({ api, output }, { id, taskId }) {
  return withBar('ingest', output, async (bar) => {
    await followTask(api, taskId, bar);
    const upload = await api.get(`/uploads/${id}`);
    const rejected = upload.rejectedCount > 0 ? `, ${count(upload.rejectedCount)} rejected` : '';
    return { upload, seconds: bar.finish(`${count(upload.rowCount)} rows${rejected}`) };
  });
}

/**
 * @param {Stage} stage
 * @param {import('./demo-account.mjs').DemoAccount} account
 * @param {string} datasetId
 */
export function makeReport({ api, output }, { customerId }, datasetId) {
  return withBar('report', output, async (bar) => {
    const { report: asked, task } = await api.post('/reports', { customerId, datasetIds: [datasetId] });
    if (task) await followTask(api, task.id, bar);
    const report = await api.get(`/reports/${asked.id}`);
    const { rows, shoppers } = report.data;
    return { report, seconds: bar.finish(`${count(shoppers)} shoppers from ${count(rows)} rows`) };
  });
}

/**
 * @template Result
 * @param {string} label
 * @param {NodeJS.WriteStream} output
 * @param {(bar: ProgressBar) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function withBar(label, output, work) {
  const bar = new ProgressBar(label, output);
  try {
    return await work(bar);
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
