import { LANES, type Layout, type PointSet, stopCheck } from './memory.js';
import { loadPasses, type Passes } from './wasm/passes.js';

/** Numbers in the shared memory: byte offset for the passes, view for TypeScript. */
export interface Placed<View> {
  at: number;
  view: View;
}

/** Points per block: with 50 clusters of 20 columns a block takes about 50 ms. */
const BLOCK = 131_072;

/** One thread's part of the shared memory, the points and the passes over them. */
export class Workspace {
  readonly passes: Passes;
  readonly n: number;
  readonly d: number;
  /** Byte offset of the rows in double precision, and the bytes of one. */
  readonly rows: number;
  readonly rowBytes: number;
  /** Bytes of a tile. */
  readonly width: number;
  /** The shared memory as numbers. */
  readonly doubles: Float64Array;
  readonly floats: Float32Array;
  /** A cluster a point; −1 for none yet. */
  readonly labels: Placed<Int32Array>;
  readonly slack: Placed<Float32Array>;
  readonly exactSlack: Placed<Float64Array>;
  /** Squared distance of each point from the nearest centre so far. */
  readonly nearest: Placed<Float32Array>;
  readonly centroids: Placed<Float64Array>;
  /** Where the centroids are laid out for the passes; see centroids.ts. */
  readonly prepared: number;
  readonly sums: Placed<Float64Array>;
  readonly sizes: Placed<Float64Array>;
  readonly costs: Placed<Float64Array>;
  /** Room for the labels of a tile. */
  readonly former: number;
  private readonly throwIfStopped: () => void;

  constructor(memory: WebAssembly.Memory, { n, d, largestK, rows, workspaces }: Layout, thread: number) {
    const places = workspaces[thread]!;
    const doubles = (at: number, count: number): Placed<Float64Array> => ({
      at,
      view: new Float64Array(memory.buffer, at, count),
    });
    const floats = (at: number, count: number): Placed<Float32Array> => ({
      at,
      view: new Float32Array(memory.buffer, at, count),
    });
    const lanes = Math.ceil(n / LANES) * LANES;
    this.passes = loadPasses(memory);
    this.throwIfStopped = stopCheck(memory);
    this.n = n;
    this.d = d;
    this.rows = rows;
    this.rowBytes = d * 8;
    this.width = d * LANES * 4;
    this.doubles = new Float64Array(memory.buffer);
    this.floats = new Float32Array(memory.buffer);
    this.labels = { at: places.labels, view: new Int32Array(memory.buffer, places.labels, lanes) };
    this.slack = floats(places.slack, lanes);
    this.exactSlack = doubles(places.exactSlack, n);
    this.nearest = floats(places.nearest, lanes);
    this.centroids = doubles(places.centroids, largestK * d);
    this.prepared = places.prepared;
    this.sums = doubles(places.sums, largestK * d);
    this.sizes = doubles(places.sizes, largestK);
    this.costs = doubles(places.costs, largestK);
    this.former = places.former;
  }

  /** Calls `pass` for block after block of `count` tiles or rows; throws Stopped as soon as the caller wants that. */
  inBlocks(count: number, pass: (from: number, to: number) => void): void {
    for (let from = 0; from < count; from += BLOCK) {
      this.throwIfStopped();
      pass(from, Math.min(from + BLOCK, count));
    }
  }

  /** The d values of one point of a set, in single precision. */
  pointOf(set: PointSet, index: number): Float64Array {
    const lane = index % LANES;
    const start = set.tiles / 4 + (index - lane) * this.d + lane;
    return Float64Array.from({ length: this.d }, (_, column) => this.floats[start + column * LANES]!);
  }

  /** The d values of one row. */
  rowOf(index: number): Float64Array {
    const start = this.rows / 8 + index * this.d;
    return this.doubles.subarray(start, start + this.d);
  }
}
