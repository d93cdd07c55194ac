import { parentPort, workerData } from 'node:worker_threads';
import { type FileJob, runFileJob } from './file-job.js';

// Entry of the worker thread: one job, progress at most every PROGRESS_BYTES, one result.
const PROGRESS_BYTES = 8 * 1024 * 1024;
let reported = 0;
const result = runFileJob(workerData as FileJob, (done) => {
  if (done - reported < PROGRESS_BYTES) return;
  reported = done;
  parentPort?.postMessage({ done });
});
parentPort?.postMessage({ result });
