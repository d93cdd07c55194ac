import { Worker } from 'node:worker_threads';

/** Starting a thread takes longer than many a clustering, so finished ones wait this long for more work. */
const KEPT_MS = 30_000;

const waiting: Worker[] = [];
let dismissal: NodeJS.Timeout | undefined;

/** Threads of kmeans.thread.ts, each without a job; give them back with returnThreads or terminate them. */
export function borrowThreads(count: number): Worker[] {
  clearTimeout(dismissal);
  const kept = waiting.splice(0, count);
  const started = Array.from(
    { length: count - kept.length },
    () => new Worker(new URL('./kmeans.thread.js', import.meta.url)),
  );
  for (const thread of kept) {
    thread.ref();
  }
  return [...kept, ...started];
}

/** Takes back threads that wait for their next job. They do not keep the process alive. */
export function returnThreads(threads: readonly Worker[]): void {
  for (const thread of threads) {
    thread.removeAllListeners();
    thread.unref();
    // A thread that fails while it waits is not missed.
    thread.once('error', () => {
      if (waiting.includes(thread)) {
        waiting.splice(waiting.indexOf(thread), 1);
      }
    });
    waiting.push(thread);
  }
  clearTimeout(dismissal);
  dismissal = setTimeout(() => {
    for (const thread of waiting.splice(0)) {
      void thread.terminate();
    }
  }, KEPT_MS).unref();
}
