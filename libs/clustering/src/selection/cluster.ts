import { Problem } from '@app/problems';
import type { Clustering } from '../kmeans/assignment.js';
import { countDistinct, type Points, pointsFromColumns } from '../points.js';
import { prepare, type PreparedFeature, type Scaling, type Transform } from '../preparation/prepare.js';
import { calinskiHarabasz, daviesBouldin, spreadOf } from '../quality/separation.js';
import { EXACT_SILHOUETTE_POINTS, silhouettes } from '../quality/silhouette/silhouettes.js';
import { clusteringsOf } from './k-means-range.js';

/** k = 2 is scored whatever was asked for, so that people see why it was not taken. */
const ALWAYS_SCORED = 2;

export interface ClusterRequest {
  /** One array a feature, all of equal length: one value a point. */
  columns: readonly Float64Array[];
  names: readonly string[];
  transform: Transform;
  scaling: Scaling;
  k: number | 'auto';
  kMin: number;
  kMax: number;
  seed: number;
  /** Up to this many points silhouettes are exact, beyond it of a seeded sample; default: EXACT_SILHOUETTE_POINTS. */
  exactSilhouettes?: number | undefined;
}

export interface KScore {
  k: number;
  inertia: number;
  silhouette: number;
  calinskiHarabasz: number | null;
  daviesBouldin: number;
}

export interface ClusterOutcome {
  /** The points as they were compared: transformed and scaled. */
  points: Points;
  /** The clusters of the chosen k, in no meaningful order. */
  clustering: Clustering;
  silhouette: number;
  /** Every k that was tried, ascending. */
  selection: KScore[];
  features: PreparedFeature[];
  /** Points behind each silhouette, null where all. */
  silhouetteSample: number | null;
}

/** What is being done, and how far it is: 0…1. */
export type OnProgress = (phase: ClusterPhase, share: number) => void;
export type ClusterPhase = 'clustering' | 'scoring';

export interface ClusterOptions {
  /** Worker threads of k-means; default: the kernel's. */
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
}

/**
 * Groups points by k-means. With `k: 'auto'` the k of kMin…kMax with the greatest silhouette is taken, the smaller one
 * of equals; kMax is capped at distinct points − 1, and k = 2 is taken below kMin only where nothing else is possible.
 * Equal requests give byte-equal outcomes, however many threads work.
 * @throws Problem unprocessable for NaN or infinite values, no variance, or fewer distinct points than k.
 * @throws the signal's reason once it is aborted
 */
export async function cluster(
  request: ClusterRequest,
  { threads, signal, onProgress = () => undefined }: ClusterOptions = {},
): Promise<ClusterOutcome> {
  const prepared = prepare(
    pointsFromColumns(request.columns, request.names),
    request.transform,
    request.scaling,
  );
  const { points } = prepared;
  const candidates = candidatesOf(request, points);
  const tried = [...new Set([ALWAYS_SCORED, ...candidates])].sort((a, b) => a - b);
  const clusterings = await clusteringsOf(points, tried, {
    seed: request.seed,
    threads,
    signal,
    onProgress: (share) => onProgress('clustering', share),
  });
  onProgress('scoring', 0);
  const { values, sampled } = await silhouettes(points, clusterings, {
    seed: request.seed,
    exactUpTo: request.exactSilhouettes ?? EXACT_SILHOUETTE_POINTS,
    threads,
    signal,
    onProgress: (share) => onProgress('scoring', share),
  });
  const selection = score(points, clusterings, values);
  const chosen = best(selection.filter(({ k }) => candidates.includes(k)));
  const clustering = clusterings.find(({ k }) => k === chosen.k) as Clustering;
  onProgress('scoring', 1);
  return {
    points,
    clustering,
    silhouette: chosen.silhouette,
    selection,
    features: prepared.features,
    silhouetteSample: sampled,
  };
}

/** The values of k to choose from. */
function candidatesOf({ k, kMin, kMax }: ClusterRequest, points: Points): number[] {
  const needed = k === 'auto' ? Math.max(kMax, ALWAYS_SCORED) + 1 : Math.max(k, ALWAYS_SCORED);
  const distinct = countDistinct(points, needed);
  if (distinct === 1) {
    throw new Problem('unprocessable', 'All points are alike; there is nothing to tell them apart by.');
  }
  if (k !== 'auto') {
    if (distinct < k) throw tooFewDistinct(distinct, k);
    return [k];
  }
  const highest = Math.min(kMax, distinct - 1);
  if (highest < ALWAYS_SCORED) throw tooFewDistinct(distinct, ALWAYS_SCORED + 1);
  const lowest = Math.min(kMin, highest);
  return Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index);
}

const tooFewDistinct = (distinct: number, k: number): Problem =>
  new Problem('unprocessable', `There are only ${distinct} distinct points; ${k} are needed.`);

function score(points: Points, clusterings: readonly Clustering[], silhouettes: readonly number[]): KScore[] {
  const spread = spreadOf(points);
  return clusterings.map((clustering, index) => ({
    k: clustering.k,
    inertia: clustering.inertia,
    silhouette: silhouettes[index] as number,
    calinskiHarabasz: calinskiHarabasz(points, clustering, spread),
    daviesBouldin: daviesBouldin(points, clustering),
  }));
}

const best = (scores: readonly KScore[]): KScore =>
  scores.reduce((best, score) => (score.silhouette > best.silhouette ? score : best));
