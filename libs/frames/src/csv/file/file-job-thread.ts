import { parentPort } from 'node:worker_threads';
import { type FileJob, type FileJobResults, runFileJob } from './file-job.js';

/** What the thread tells. Imported where it is started, so that the build makes this file. */
export type FileJobMessage<K extends FileJob['kind']> = { done: number } | { result: FileJobResults[K] };

// Entry of the worker thread: one job after the other, progress at most every PROGRESS_BYTES, one result each.
const PROGRESS_BYTES = 8 * 1024 * 1024;
parentPort?.on('message', (job: FileJob) => {
  let reported = 0;
  const result = runFileJob(job, (done) => {
    if (done - reported < PROGRESS_BYTES) return;
    reported = done;
    parentPort?.postMessage({ done });
  });
  parentPort?.postMessage({ result });
});
