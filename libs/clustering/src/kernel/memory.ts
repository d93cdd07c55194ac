import { Problem } from '@app/problems';

const PAGE = 65_536;
/** WebAssembly addresses memory with 32 bits. */
const MOST_BYTES = 2 ** 32 - PAGE;
/** Bytes before the first array; the first four are the stop flag. */
const HEADER = 64;
/** Points of a tile: as many single precision numbers as a 128-bit register holds. */
export const LANES = 4;

/** All points or a sample of them in single precision, in tiles of LANES; see passes.as. */
export interface PointSet {
  /** Byte offset of the tiles. */
  tiles: number;
  /** Byte offset of the weights, one single precision number a place in the tiles; 0 for the places after the last point. */
  weights: number;
  /** Points; as laid out, the most there is room for. */
  n: number;
  /** Weighted sum of the squares of all values, once they are there. */
  squares: number;
}

/** Byte offsets of one thread's arrays over the points and over the clusters. */
export type WorkspacePlaces = ReturnType<typeof arrangeWorkspace>;

/** Where everything lies in the one memory that all threads share. */
export interface Layout {
  n: number;
  d: number;
  /** The largest k that will be asked for. */
  largestK: number;
  /** Byte offset of n rows of d doubles. */
  rows: number;
  /** The samples, then all points. */
  sets: PointSet[];
  /** One a thread. */
  workspaces: WorkspacePlaces[];
  bytes: number;
}

export const tilesOf = (n: number): number => Math.ceil(n / LANES);

/** Hands out places one after the other, each at a multiple of 64 bytes so that no two threads share a cache line. */
class Allocator {
  end = HEADER;

  take(count: number, bytes: 4 | 8): number {
    const at = this.end;
    this.end += Math.ceil((count * bytes) / 64) * 64;
    return at;
  }
}

const arrangeWorkspace = (space: Allocator, n: number, d: number, largestK: number) => ({
  labels: space.take(tilesOf(n) * LANES, 4),
  slack: space.take(tilesOf(n) * LANES, 4),
  nearest: space.take(tilesOf(n) * LANES, 4),
  exactSlack: space.take(n, 8),
  centroids: space.take(largestK * d, 8),
  /** Centroids in single precision, or in double precision and transposed for the exact passes. */
  prepared: space.take((largestK + 1) * d, 8),
  sums: space.take(largestK * d, 8),
  sizes: space.take(largestK, 8),
  costs: space.take(largestK, 8),
  former: space.take(LANES, 4),
});

/** Lays out memory for n points, weighted samples of at most the given sizes and a number of threads. */
export function layOut(
  n: number,
  d: number,
  largestK: number,
  sampleSizes: readonly number[],
  threads: number,
): Layout {
  const space = new Allocator();
  const rows = space.take(n * d, 8);
  const sets = [...sampleSizes, n].map((size): PointSet => ({
    tiles: space.take(tilesOf(size) * LANES * d, 4),
    weights: space.take(tilesOf(size) * LANES, 4),
    n: size,
    squares: 0,
  }));
  const workspaces = Array.from({ length: threads }, () => arrangeWorkspace(space, n, d, largestK));
  if (space.end > MOST_BYTES) {
    throw new Problem('unprocessable', `${n} points of ${d} columns are more than can be clustered at once.`);
  }
  return { n, d, largestK, rows, sets, workspaces, bytes: space.end };
}

/** Shared memory for a layout; fresh pages cost nothing before they are written. */
export function createMemory(layout: Layout): WebAssembly.Memory {
  const pages = Math.ceil(layout.bytes / PAGE);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** Thrown between two blocks of points once the stop flag is set. */
export class Stopped extends Error {}

const stopFlagOf = (memory: WebAssembly.Memory): Int32Array => new Int32Array(memory.buffer, 0, 1);

/** Makes every thread on this memory end its task with Stopped. */
export function stopAll(memory: WebAssembly.Memory): void {
  Atomics.store(stopFlagOf(memory), 0, 1);
}

/** Throws Stopped once stopAll was called. */
export function stopCheck(memory: WebAssembly.Memory): () => void {
  const flag = stopFlagOf(memory);
  return () => {
    if (Atomics.load(flag, 0) !== 0) {
      throw new Stopped('Stopped by the caller.');
    }
  };
}
