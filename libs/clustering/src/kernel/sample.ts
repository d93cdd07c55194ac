import { type Layout, LANES, type PointSet, tilesOf } from './memory.js';
import { inTurns } from './prepare.js';
import type { Random } from './random.js';

/** Weights are multiples of this, so that sums of them are exact in every order. */
const WEIGHT_UNIT = 1 / 1024;

/** Writes points one after the other into the tiles of a set. */
class TileWriter {
  private readonly floats: Float32Array;
  private readonly weights: Float32Array;
  private written = 0;
  private squares = 0;

  constructor(
    memory: WebAssembly.Memory,
    private readonly set: PointSet,
    private readonly d: number,
  ) {
    const places = tilesOf(set.n) * LANES;
    this.floats = new Float32Array(memory.buffer, set.tiles, places * d);
    this.weights = new Float32Array(memory.buffer, set.weights, places);
  }

  isFull(): boolean {
    return this.written === this.set.n;
  }

  add(rows: Float64Array, row: number, weight: number): void {
    const { floats, d, written } = this;
    const lane = written % LANES;
    let place = (written - lane) * d + lane;
    for (let at = row * d; at < row * d + d; at += 1, place += LANES) {
      floats[place] = rows[at]!;
      this.squares += weight * floats[place]! * floats[place]!;
    }
    this.weights[written] = weight;
    this.written += 1;
  }

  /** Says in the set what it holds. */
  close(): void {
    this.set.n = this.written;
    this.set.squares = this.squares;
  }
}

/** Puts all points, each with weight 1, into the last set. */
export async function fillTiles(
  memory: WebAssembly.Memory,
  { n, d, sets }: Layout,
  rows: Float64Array,
  signal?: AbortSignal,
): Promise<void> {
  const writer = new TileWriter(memory, sets.at(-1)!, d);
  await inTurns(n, signal, (row) => writer.add(rows, row, 1));
  writer.close();
}

/**
 * Draws into each set but the last a weighted sample on which the inertia of any k centroids is nearly that on all points:
 * a lightweight coreset (Bachem, Lucic & Krause 2018, "Scalable k-means clustering via lightweight coresets"). A
 * point is drawn with half of its chance equal for all and half proportional to its squared distance from the mean –
 * the few shoppers far out, who decide where centroids go and whom an even sample misses, are always in – and
 * weighs the inverse. Drawn systematically (one random offset, then even steps), in one pass.
 *
 * @param rows All points; they must have mean zero.
 * @param squares Sum of the squares of all their values.
 * @param random Random numbers for each set.
 */
export async function drawSamples(
  memory: WebAssembly.Memory,
  { n, d, sets }: Layout,
  rows: Float64Array,
  squares: number,
  random: readonly Random[],
  signal?: AbortSignal,
): Promise<void> {
  const evenly = squares > 0 ? 0.5 : 1;
  const perSquare = squares > 0 ? 0.5 / squares : 0;
  const samples = sets.slice(0, -1).map((set, index) => ({
    draws: set.n,
    passed: random[index]!.nextFraction(),
    writer: new TileWriter(memory, set, d),
  }));
  await inTurns(samples.length > 0 ? n : 0, signal, (row) => {
    let square = 0;
    for (let at = row * d; at < row * d + d; at += 1) {
      square += rows[at]! * rows[at]!;
    }
    const chance = evenly / n + square * perSquare;
    for (const sample of samples) {
      const before = Math.floor(sample.passed);
      sample.passed += sample.draws * chance;
      const hits = Math.floor(sample.passed) - before;
      if (hits > 0 && !sample.writer.isFull()) {
        const weight = hits / (sample.draws * chance);
        sample.writer.add(rows, row, Math.max(1, Math.round(weight / WEIGHT_UNIT)) * WEIGHT_UNIT);
      }
    }
  });
  for (const { writer } of samples) {
    writer.close();
  }
}
