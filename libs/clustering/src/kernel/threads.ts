import { Worker } from 'node:worker_threads';

/** Starting a thread takes about as long as clustering a few thousand points, so finished ones wait this long for more work. */
const KEPT_MS = 300_000;

const waiting: Worker[] = [];
let dismissal: NodeJS.Timeout | undefined;

/** Threads of kmeans.thread.ts, each without a job; give them back with returnThreads or terminate them. */
export function borrowThreads(count: number): Worker[] {
  const kept = waiting.splice(0, count);
  for (const thread of kept) {
    thread.removeAllListeners('error');
    thread.ref();
  }
  const missing = Array.from({ length: count - kept.length });
  return [...kept, ...missing.map(() => new Worker(new URL('./kmeans.thread.js', import.meta.url)))];
}

/** Takes back threads that wait for their next job. They do not keep the process alive. */
export function returnThreads(threads: readonly Worker[]): void {
  for (const thread of threads) {
    // Not those of all events: some are Node's own.
    thread.removeAllListeners('message');
    thread.removeAllListeners('error');
    thread.once('error', () => {
      // A thread that fails while it waits is not missed.
      const place = waiting.indexOf(thread);
      if (place >= 0) {
        waiting.splice(place, 1);
      }
    });
    thread.unref();
    waiting.push(thread);
  }
  clearTimeout(dismissal);
  dismissal = setTimeout(() => {
    for (const thread of waiting.splice(0)) {
      void thread.terminate();
    }
  }, KEPT_MS).unref();
}
