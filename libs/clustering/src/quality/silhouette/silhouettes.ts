import { availableParallelism } from 'node:os';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { clusterSizes } from '../../kmeans/assignment.js';
import { pick, type Points } from '../../points.js';
import { createRandom, deriveSeed, sampleRows } from '../../random.js';
import { startHelper } from '../../threads/helpers.js';
import { cellsOf, type Labelling } from './cells.js';
import { Coefficients, planned } from './coefficients.js';

export interface SilhouetteOptions {
  seed: number;
  /** Up to this many points the coefficient is exact. */
  exactUpTo: number;
  /** Threads that compute, the calling one among them; default: one a processor where it pays. */
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Share that is done, 0…1. */
  onProgress?: ((share: number) => void) | undefined;
}

export interface Silhouettes {
  /** Mean silhouette coefficient of each labelling, −1…1. */
  values: number[];
  /** Points that were sampled; null where all points count. */
  sampled: number | null;
}

/** Up to this many points silhouettes are exact by default: some 300 ms on two cores with three features. */
export const EXACT_SILHOUETTE_POINTS = 25_000;
/** Size of the seeded sample beyond: it errs by less than 0.01. */
export const SILHOUETTE_SAMPLE = 10_000;
/** Below this many differences of values it takes one thread a few milliseconds. */
const WORTH_A_HELPER = 10_000_000;
const TURN_MILLISECONDS = 20;

/**
 * Mean silhouette coefficients (Rousseeuw 1987) of several labellings of the same points in one pass over the
 * distances, as scikit-learn's `silhouette_score` (Euclidean; a point alone in its cluster scores 0).
 * O(n² × features) for n = exact or sampled points, whatever the number of labellings: distances are summed up over
 * points that no labelling tells apart. Equal input gives byte-equal values, however many threads compute.
 * The calling thread computes, too, and lets others have their turn every few milliseconds.
 * @throws the signal's reason once it is aborted
 */
export async function silhouettes(
  points: Points,
  labellings: readonly Labelling[],
  options: SilhouetteOptions,
): Promise<Silhouettes> {
  if (points.count <= options.exactUpTo) {
    return { values: await exactSilhouettes(points, labellings, options), sampled: null };
  }
  const random = createRandom(deriveSeed(options.seed, points.count));
  const rows = sampleRows(points.count, Math.min(SILHOUETTE_SAMPLE, options.exactUpTo), random);
  const sampled = labellings.map(({ k, labels }) => ({
    k,
    labels: Uint8Array.from(rows, (row) => labels[row] as number),
  }));
  return { values: await exactSilhouettes(pick(points, rows), sampled, options), sampled: rows.length };
}

async function exactSilhouettes(
  { values, count, names }: Points,
  labellings: readonly Labelling[],
  { threads = availableParallelism(), signal, onProgress }: SilhouetteOptions,
): Promise<number[]> {
  const { rows, starts, labels } = cellsOf(count, labellings);
  const features = names.length;
  const workers = count * count * features < WORTH_A_HELPER ? 1 : Math.max(threads, 1);
  const plan = planned(
    {
      count,
      features,
      starts,
      labellings: labellings.map((labelling, index) => ({
        sizes: clusterSizes(labelling.labels, labelling.k),
        labels: labels[index] as Uint8Array,
      })),
      workers,
    },
    (feature, column) => rows.forEach((row, at) => (column[at] = values[row * features + feature] as number)),
  );
  const helpers = Array.from({ length: workers - 1 }, (_, index) =>
    startHelper({ kind: 'silhouettes', plan, worker: index + 1 }),
  );
  try {
    const work = new Coefficients(plan, 0);
    let turn = performance.now();
    while (work.next()) {
      if (performance.now() - turn < TURN_MILLISECONDS) continue;
      await turnOfTheLoop();
      signal?.throwIfAborted();
      onProgress?.(work.share);
      turn = performance.now();
    }
    // A helper that is still starting has nothing left to do; one that has begun a block ends it.
    if (!work.finished) await Promise.all(helpers.map(({ answer }) => answer));
    return work.means();
  } catch (error) {
    for (const { stop } of helpers) stop();
    throw error;
  }
}
