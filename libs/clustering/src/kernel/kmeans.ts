import { availableParallelism } from 'node:os';
import { Problem } from '@app/problems';
import { defaultStarts, effortFor } from './effort.js';
import { createMemory, layOut, Stopped, stopAll } from './memory.js';
import { CallingThread, ThreadPool } from './pool.js';
import { copyCentred, countDistinct, type Units } from './prepare.js';
import { Random } from './random.js';
import { drawSamples, fillTiles } from './sample.js';
import { search, stepsOf } from './search.js';
import type { TaskOutcome } from './tasks.js';
import type { KMeansOptions, KMeansProgress, KMeansResult } from './types.js';

/** Below this many values × clusters the answer comes sooner than threads start; see CallingThread. */
const WORK_FOR_THREADS = 100_000;
/** Random numbers of the samples must not repeat those of any k. */
const SAMPLING = 2 ** 31;

/**
 * k-means for several numbers of clusters over one copy of the points and one set of threads: for each k the
 * clustering of least inertia that a search of samples and starts finds (see effort.ts and search.ts), at a local
 * optimum on all points. Equal points, k and options give byte-equal results, however many threads work and
 * whatever other k are asked for.
 *
 * The points are copied (8 bytes a value, and 32 a point and thread on top); they may be up to 4 GB.
 *
 * @param points n × d values, row-major. Not changed; must not change until the promise settles.
 * @param n Number of points (rows).
 * @param d Number of columns.
 * @param ks Numbers of clusters, each at least 1.
 * @returns One result for each of `ks`, in their order.
 * @throws RangeError for parameters out of their range or of a length that does not match.
 * @throws Problem unprocessable for a value that is not finite (named by row and column), fewer distinct points than
 *   clusters, or more points than fit in memory.
 * @throws The signal's reason once it is aborted.
 */
export async function kmeansRange(
  points: Float64Array,
  n: number,
  d: number,
  ks: readonly number[],
  options: KMeansOptions = {},
  onProgress: KMeansProgress = () => {},
): Promise<KMeansResult[]> {
  const { seed = 0, tolerance = 1e-4, maxIterations = 10_000, signal } = options;
  requireWhole(Object.fromEntries(ks.map((k, index) => [`ks[${index}]`, k])), 1);
  const largestK = Math.max(...ks);
  const { starts = defaultStarts(n) } = options;
  const { threads = n * d * largestK < WORK_FOR_THREADS ? 0 : availableParallelism() } = options;
  requireWhole({ n, d, starts, maxIterations }, 1);
  requireWhole({ seed, threads }, 0);
  if (points.length !== n * d || ks.length === 0 || !(tolerance >= 0)) {
    throw new RangeError(
      'points must hold n × d values, ks at least one number and tolerance be at least 0.',
    );
  }
  signal?.throwIfAborted();
  const distinct = countDistinct(points, n, d, largestK);
  if (distinct < largestK) {
    throw new Problem('unprocessable', `${distinct} distinct points cannot form ${largestK} clusters.`);
  }

  const effort = effortFor(n, starts);
  const layout = layOut(n, d, largestK, effort.samples, Math.max(threads, 1));
  const memory = createMemory(layout);
  const rows = new Float64Array(memory.buffer, layout.rows, n * d);
  const units = await copyCentred(points, n, d, rows, signal);
  const random = layout.sets.map((_, index) => new Random(seed, SAMPLING, index));
  await drawSamples(memory, layout, rows, units.squares, random, signal);
  await fillTiles(memory, layout, rows, signal);

  const movement = (tolerance * units.squares) / (n * d);
  const pool = new (threads > 0 ? ThreadPool : CallingThread)(memory, layout, {
    seed,
    movement,
    maxIterations,
  });
  const stop = (): void => stopAll(memory);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    // The largest k takes longest and so goes first.
    const falling = [...new Set(ks)].sort((a, b) => b - a);
    const total = falling.reduce((sum, k) => sum + stepsOf(k, effort), 0);
    let done = 0;
    const onStep = (): void => {
      done += 1;
      onProgress({ done, total });
    };
    const results = new Map<number, KMeansResult>();
    await Promise.all(
      falling.map(async (k) => {
        const outcome = await search(k, effort, (task) => pool.run(task), onStep);
        results.set(k, inUnits(outcome, k, d, units));
      }),
    );
    return ks.map((k) => results.get(k)!);
  } catch (error) {
    throw error instanceof Stopped ? signal?.reason : error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.close();
  }
}

/** k-means for one number of clusters; see kmeansRange. */
export async function kmeans(
  points: Float64Array,
  n: number,
  d: number,
  k: number,
  options: KMeansOptions = {},
): Promise<KMeansResult> {
  const [result] = await kmeansRange(points, n, d, [k], options);
  return result!;
}

function requireWhole(parameters: Record<string, number>, least: number): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new RangeError(`${name} is ${value}, but must be a whole number of at least ${least}.`);
    }
  }
}

/** The outcome in the units of the points, its clusters ordered by falling size, then by centroid. */
function inUnits(
  { optima, labels }: TaskOutcome,
  k: number,
  d: number,
  { mean, scale }: Units,
): KMeansResult {
  const [{ centroids, sizes, inertia, iterations, converged }] = optima as [TaskOutcome['optima'][0]];
  const compare = (left: number, right: number): number => {
    for (let column = 0; column < d; column += 1) {
      const difference = centroids[left * d + column]! - centroids[right * d + column]!;
      if (difference !== 0) {
        return difference;
      }
    }
    return 0;
  };
  const order = Array.from({ length: k }, (_, row) => row).sort(
    (a, b) => sizes[b]! - sizes[a]! || compare(a, b),
  );
  const place = new Int32Array(k);
  const ordered = new Float64Array(k * d);
  order.forEach((row, position) => {
    place[row] = position;
    for (let column = 0; column < d; column += 1) {
      ordered[position * d + column] = centroids[row * d + column]! / scale + mean[column]!;
    }
  });
  return {
    k,
    centroids: ordered,
    labels: labels!.map((label) => place[label]!),
    inertia: inertia / scale / scale,
    iterations,
    converged,
  };
}
