import { Problem } from '@app/problems';
import { loadPasses, type Passes } from './wasm/passes.js';

const PAGE = 65_536;
/** WebAssembly addresses memory with 32 bits. */
const MOST_BYTES = 2 ** 32 - PAGE;
/** Bytes before the first array; the first four are the stop flag. */
const HEADER = 64;

/** Doubles in the shared memory: byte offset for the passes, view for TypeScript. */
export interface Doubles {
  at: number;
  view: Float64Array;
}

/** 32-bit integers in the shared memory. */
export interface Integers {
  at: number;
  view: Int32Array;
}

/** Points of one level of the search: `n` rows of d doubles from byte offset `at`. */
export interface PointSet {
  at: number;
  n: number;
  /** Byte offset of n weights; 0 when every point weighs 1. */
  weights: number;
}

/** Where everything lies in the one memory that all threads share. */
export interface Layout {
  n: number;
  d: number;
  /** The largest k that will be asked for. */
  largestK: number;
  /** From the smallest sample to all points. */
  levels: PointSet[];
  /** First byte of each thread's workspace. */
  workspaces: number[];
  bytes: number;
}

const evenUp = (k: number): number => k + (k % 2);

/** Byte offsets of the arrays of one workspace that begins at `start`. */
function arrange(start: number, n: number, d: number, largestK: number) {
  let end = start;
  const take = (count: number, bytes: 4 | 8): number => {
    const at = end;
    end += Math.ceil((count * bytes) / 16) * 16;
    return at;
  };
  return {
    labels: take(n, 4),
    active: take(n, 4),
    lower: take(n, 8),
    slack: take(n, 8),
    nearest: take(n, 8),
    centroids: take(largestK * d, 8),
    sums: take(largestK * d, 8),
    transposed: take(evenUp(largestK) * d, 8),
    sizes: take(largestK, 8),
    drifted: take(largestK, 8),
    othersDrifted: take(largestK, 8),
    limits: take(largestK, 8),
    gaps: take(largestK, 8),
    costs: take(largestK, 8),
    pair: take(2 * d, 8),
    potentials: take(2, 8),
    end,
  };
}

/** Lays out memory for n points, weighted samples of at most the given sizes and a number of threads. */
export function layOut(
  n: number,
  d: number,
  largestK: number,
  sampleSizes: readonly number[],
  threads: number,
): Layout {
  const all: PointSet = { at: HEADER, n, weights: 0 };
  let end = HEADER + n * d * 8;
  const samples = sampleSizes.map((size): PointSet => {
    const at = end;
    const weights = at + size * d * 8;
    end = weights + size * 8;
    return { at, n: size, weights };
  });
  const workspaces: number[] = [];
  for (let thread = 0; thread < threads; thread += 1) {
    end = Math.ceil(end / 64) * 64;
    workspaces.push(end);
    end = arrange(end, n, d, largestK).end;
  }
  if (end > MOST_BYTES) {
    throw new Problem('unprocessable', `${n} points of ${d} columns are more than can be clustered at once.`);
  }
  return { n, d, largestK, levels: [...samples, all], workspaces, bytes: end };
}

/** Shared memory for a layout; fresh pages cost nothing before they are written. */
export function createMemory(layout: Layout): WebAssembly.Memory {
  const pages = Math.ceil(layout.bytes / PAGE);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** Thrown between two blocks of points once the stop flag is set. */
export class Stopped extends Error {}

/** One thread's part of the shared memory: arrays over the points and over the clusters, and the passes. */
export class Workspace {
  readonly passes: Passes;
  readonly d: number;
  /** Bytes of a row. */
  readonly bytes: number;
  /** The shared points themselves. */
  readonly values: Float64Array;
  readonly labels: Integers;
  readonly active: Integers;
  readonly lower: Doubles;
  readonly slack: Doubles;
  readonly nearest: Doubles;
  readonly centroids: Doubles;
  readonly sums: Doubles;
  readonly transposed: Doubles;
  readonly sizes: Doubles;
  readonly drifted: Doubles;
  readonly othersDrifted: Doubles;
  readonly limits: Doubles;
  readonly gaps: Doubles;
  readonly costs: Doubles;
  readonly pair: Doubles;
  readonly potentials: Doubles;
  private readonly stopFlag: Int32Array;

  constructor(memory: WebAssembly.Memory, { n, d, largestK }: Layout, start: number) {
    const places = arrange(start, n, d, largestK);
    const doubles = (at: number, count: number): Doubles => ({
      at,
      view: new Float64Array(memory.buffer, at, count),
    });
    const integers = (at: number, count: number): Integers => ({
      at,
      view: new Int32Array(memory.buffer, at, count),
    });
    this.passes = loadPasses(memory);
    this.d = d;
    this.bytes = d * 8;
    this.values = new Float64Array(memory.buffer);
    this.stopFlag = stopFlagOf(memory);
    this.labels = integers(places.labels, n);
    this.active = integers(places.active, n);
    this.lower = doubles(places.lower, n);
    this.slack = doubles(places.slack, n);
    this.nearest = doubles(places.nearest, n);
    this.centroids = doubles(places.centroids, largestK * d);
    this.sums = doubles(places.sums, largestK * d);
    this.transposed = doubles(places.transposed, evenUp(largestK) * d);
    this.sizes = doubles(places.sizes, largestK);
    this.drifted = doubles(places.drifted, largestK);
    this.othersDrifted = doubles(places.othersDrifted, largestK);
    this.limits = doubles(places.limits, largestK);
    this.gaps = doubles(places.gaps, largestK);
    this.costs = doubles(places.costs, largestK);
    this.pair = doubles(places.pair, 2 * d);
    this.potentials = doubles(places.potentials, 2);
  }

  /** Calls `pass` for block after block of [0, to); throws Stopped as soon as the stop flag is set. */
  inBlocks(to: number, pass: (from: number, to: number) => void): void {
    for (let from = 0; from < to; from += BLOCK) {
      if (Atomics.load(this.stopFlag, 0) !== 0) {
        throw new Stopped('Stopped by the caller.');
      }
      pass(from, Math.min(from + BLOCK, to));
    }
  }
}

/** Points per block: with 50 clusters of 20 columns a block takes about 50 ms. */
const BLOCK = 131_072;

const stopFlagOf = (memory: WebAssembly.Memory): Int32Array => new Int32Array(memory.buffer, 0, 1);

/** Makes every thread on this memory end its task with Stopped. */
export function stopAll(memory: WebAssembly.Memory): void {
  Atomics.store(stopFlagOf(memory), 0, 1);
}
