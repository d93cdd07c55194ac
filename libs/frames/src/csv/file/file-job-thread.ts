import { parentPort, workerData } from 'node:worker_threads';
import { type FileJob, type FileJobResults, runFileJob } from './file-job.js';

/** What the thread tells. Imported where it is started, so that the build makes this file. */
export type FileJobMessage<K extends FileJob['kind']> = { done: number } | { result: FileJobResults[K] };

// Entry of the worker thread: one job, progress at most every PROGRESS_BYTES, one result.
const PROGRESS_BYTES = 8 * 1024 * 1024;
let reported = 0;
const result = runFileJob(workerData as FileJob, (done) => {
  if (done - reported < PROGRESS_BYTES) return;
  reported = done;
  parentPort?.postMessage({ done });
});
parentPort?.postMessage({ result });
