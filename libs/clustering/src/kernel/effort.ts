import type { Effort } from './search.js';

/** Most points of the first sample, on which all starts are made, and of the second. */
const SAMPLES = [5_000, 20_000];
/** A sample must be smaller than the points by this factor to be worth its while. */
const WORTH_SAMPLING = 2;

/** Sizes of the samples for n points, smallest first; none for few points. */
export const sampleSizesFor = (n: number): number[] => SAMPLES.filter((size) => size * WORTH_SAMPLING <= n);

/** Points below which everything is cheap and several times the starts are affordable. */
const FEW_POINTS = 16_000;

/** Starts per k by default: 8 from 2,000 points on, up to 32 for fewer, where optima are many and starts cheap. */
export const defaultStarts = (n: number): number => Math.min(Math.max(Math.round(FEW_POINTS / n), 8), 32);

/** The effort that a number of starts and of levels (samples and all points) comes with. */
export function effortFor(starts: number, levels: number): Effort {
  return {
    starts,
    swaps: 1,
    children: [2 * starts, 4, 0].slice(0, levels),
    carried: levels === 3 ? [6, 4] : [4],
  };
}
