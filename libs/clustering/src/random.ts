/** Numbers in [0, 1) that depend on the seed alone. */
export type Random = () => number;

/**
 * Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, passes gjrand; plenty for seeds and samples.
 * Integer arithmetic only, hence the same on every machine.
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed of its own for each purpose, so that one purpose drawing more numbers changes no other. */
export function deriveSeed(seed: number, ...path: readonly number[]): number {
  let state = seed >>> 0;
  for (const step of path) {
    state = Math.imul(state ^ (step + 0x9e3779b9), 0x85ebca6b) >>> 0;
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35) >>> 0;
    state = (state ^ (state >>> 16)) >>> 0;
  }
  return state;
}

/** `size` distinct row numbers below `count`, ascending (Knuth, TAOCP 2, 3.4.2, algorithm S). */
export function sampleRows(count: number, size: number, random: Random): Int32Array {
  const rows = new Int32Array(Math.min(size, count));
  for (let row = 0, chosen = 0; chosen < rows.length; row++) {
    if (random() * (count - row) < rows.length - chosen) rows[chosen++] = row;
  }
  return rows;
}

/** `size` row numbers below `count` drawn with replacement. */
export function bootstrapRows(count: number, size: number, random: Random): Int32Array {
  return Int32Array.from({ length: size }, () => Math.floor(random() * count));
}
