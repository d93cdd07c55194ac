import {
  calinskiHarabasz,
  cluster,
  type ClusterOptions,
  type ClusterOutcome,
  type ClusterRequest,
  daviesBouldin,
  EXACT_SILHOUETTE_POINTS,
  inertiaOf,
  meansOf,
  pointsFromColumns,
  prepare,
  project,
  silhouettes,
  spreadOf,
  stability,
} from '@app/clustering';
import { buildSegments, type SegmentResult, type ShopperHabits } from '@app/shopping';
import type { ReportOutcome } from './outcome.js';
import type { GivenGroups } from './shopper-figures.js';

const MAX_PROJECTED = 2000;

/** Everything the thread needs. Columns over shared memory are not copied. */
export interface SegmentationJob {
  request: ClusterRequest;
  /** In place of clusters. */
  groups: GivenGroups | null;
  revenue: Float64Array | null;
  habits: ShopperHabits | null;
  /** ISO 4217; null where no store names one. */
  currency: string | null;
  /** That compute; undefined: one a processor. */
  threads?: number | undefined;
}

export interface SegmentedShoppers extends SegmentResult, Pick<ReportOutcome, 'selection' | 'k'> {
  quality: Omit<ReportOutcome['quality'], 'stability'>;
}

/** What is known last, and needed by nothing else. */
export interface Judgement extends Pick<ReportOutcome, 'projection'> {
  stability: number | null;
}

type Grouped = Pick<
  ClusterOutcome,
  'points' | 'clustering' | 'silhouette' | 'silhouetteSample' | 'selection'
>;

/**
 * Shoppers in clusters, or in the groups given, as segments in plain words. Long: to be run in a thread.
 * @throws Problem unprocessable where the data cannot be clustered
 */
export async function segmentShoppers(
  { request, groups, revenue, habits, currency }: SegmentationJob,
  options: ClusterOptions,
): Promise<{ segmented: SegmentedShoppers; judge: () => Promise<Judgement> }> {
  const grouped = groups === null ? await cluster(request, options) : await score(request, groups, options);
  const { points, clustering, silhouette, silhouetteSample, selection } = grouped;
  const { k, inertia } = clustering;
  const result = buildSegments({
    k,
    labels: clustering.labels,
    columns: request.columns,
    names: request.names,
    transform: request.transform,
    groupNames: groups?.names ?? null,
    revenue,
    habits,
    currency,
  });
  return {
    segmented: { ...result, k, selection, quality: { inertia, silhouette, silhouetteSample } },
    judge: async () => ({
      stability: groups === null ? await stability(points, clustering, request.seed, options) : null,
      projection: projectionOf(project(points), result.labels),
    }),
  };
}

/** How well given groups tell shoppers apart, on the scale on which clusters would have been made. */
async function score(
  { columns, names, transform, scaling, seed, exactSilhouettes = EXACT_SILHOUETTE_POINTS }: ClusterRequest,
  { labels, names: { length: k } }: GivenGroups,
  { threads, signal }: ClusterOptions,
): Promise<Grouped> {
  const { points } = prepare(pointsFromColumns(columns, names), transform, scaling);
  const centroids = meansOf(points, labels, k);
  const clustering = { k, labels, centroids, inertia: inertiaOf(points, labels, centroids) };
  const options = { seed, exactUpTo: exactSilhouettes, threads, signal };
  const { values, sampled } = await silhouettes(points, [clustering], options);
  const silhouette = values[0] ?? 0;
  const score = {
    k,
    inertia: clustering.inertia,
    silhouette,
    calinskiHarabasz: k < 2 ? null : calinskiHarabasz(points, clustering, spreadOf(points)),
    daviesBouldin: daviesBouldin(points, clustering),
  };
  return { points, clustering, silhouette, silhouetteSample: sampled, selection: [score] };
}

/** Every n-th shopper by id, so that a picture of a million stays a picture. */
export function projectionOf(plane: Float64Array, labels: Uint8Array): ReportOutcome['projection'] {
  const step = Math.ceil(labels.length / MAX_PROJECTED);
  const points: ReportOutcome['projection'] = [];
  for (let row = 0; row < labels.length; row += step) {
    points.push({ x: plane[2 * row] ?? 0, y: plane[2 * row + 1] ?? 0, segment: labels[row] ?? 0 });
  }
  return points;
}
