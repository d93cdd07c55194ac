/**
 * Loaded into an app by NODE_OPTIONS=--import=…: tells every second, as a line of JSON, how long the event loop was held
 * up at most in that second.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const EVERY_MS = 1000;

if (isMainThread) {
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  histogram.enable();
  setInterval(() => {
    console.log(JSON.stringify({ at: Date.now(), longestDelayMs: histogram.max / 1e6 }));
    histogram.reset();
  }, EVERY_MS).unref();
}
