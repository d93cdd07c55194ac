import { Worker } from 'node:worker_threads';
// Importing its types also makes the compiler emit the thread's file.
import type { HelperAnswer, HelperJob } from './helper.thread.js';

/** A job that another thread does together with the caller. */
export interface Helper {
  answer: Promise<HelperAnswer>;
  /** Ends the thread, whatever it does. */
  stop: () => void;
}

const MOST_IDLE = 3;
const idle: Worker[] = [];

/**
 * Hands a job to another thread: one that waits, else a new one. Threads wait for the next job, warm, until the thread
 * that has started them ends; they keep no process from ending. Where the caller has done all the work before a new
 * thread has started, nobody needs to wait for its answer.
 */
export function startHelper(job: HelperJob): Helper {
  const thread = idle.pop() ?? new Worker(new URL('./helper.thread.js', import.meta.url));
  forgetListeners(thread);
  const answer = new Promise<HelperAnswer>((resolve, reject) => {
    const end = (failure: unknown): void => {
      forgetListeners(thread);
      void thread.terminate();
      reject(failure);
    };
    thread.once('message', (results: HelperAnswer) => {
      forgetListeners(thread);
      if (idle.length < MOST_IDLE) keep(thread);
      else void thread.terminate();
      resolve(results);
    });
    thread.once('error', end);
    thread.once('exit', () => end(new Error('A clustering thread ended without an answer.')));
  });
  // Who waits for the answer hears of the failure; nobody has to.
  answer.catch(() => undefined);
  thread.ref();
  thread.postMessage(job);
  return { answer, stop: () => void thread.terminate() };
}

function keep(thread: Worker): void {
  thread.unref();
  const forget = (): void => {
    const at = idle.indexOf(thread);
    if (at !== -1) idle.splice(at, 1);
  };
  thread.once('error', forget);
  thread.once('exit', forget);
  idle.push(thread);
}

/** Not all at once: the thread has some of its own, without which no message arrives. */
function forgetListeners(thread: Worker): void {
  for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event);
}
