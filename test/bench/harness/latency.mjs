import { performance } from 'node:perf_hooks';
import { round } from './outcome.mjs';

/**
 * Asks one after the other and gives the median in milliseconds.
 * @param {(time: number) => Promise<unknown>} ask  gets another number each time, so that no answer can be a kept one
 * @param {{ times?: number, warmUp?: number }} [options]
 */
export async function medianLatency(ask, { times = 15, warmUp = 5 } = {}) {
  const taken = [];
  for (let time = 0; time < warmUp + times; time++) {
    const start = performance.now();
    await ask(time);
    if (time >= warmUp) taken.push(performance.now() - start);
  }
  return round(quantile(taken, 0.5));
}

/** The value at a share (0…1) of the sorted values, the nearest above. @param {number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
