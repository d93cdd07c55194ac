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
}

export interface SegmentedShoppers
  extends SegmentResult, Pick<ReportOutcome, 'selection' | 'k' | 'quality' | 'projection'> {}

type Grouped = Pick<
  ClusterOutcome,
  'k' | 'labels' | 'inertia' | 'silhouette' | 'silhouetteSample' | 'stability' | 'selection' | 'projection'
>;

/**
 * Shoppers in clusters, or in the groups given, as segments in plain words. Long: to be run in a thread.
 * @throws Problem unprocessable where the data cannot be clustered
 */
export async function segmentShoppers(
  { request, groups, revenue, habits, currency }: SegmentationJob,
  options: ClusterOptions,
): Promise<SegmentedShoppers> {
  const grouped = groups === null ? await cluster(request, options) : await judge(request, groups, options);
  const { k, inertia, silhouette, silhouetteSample, stability, selection } = grouped;
  const result = buildSegments({
    k,
    labels: grouped.labels,
    columns: request.columns,
    names: request.names,
    transform: request.transform,
    groupNames: groups?.names ?? null,
    revenue,
    habits,
    currency,
  });
  return {
    ...result,
    k,
    selection,
    quality: { inertia, silhouette, silhouetteSample, stability },
    projection: projectionOf(grouped.projection, result.labels),
  };
}

/** How well given groups tell shoppers apart, on the scale on which clusters would have been made. */
async function judge(
  { columns, names, transform, scaling, seed, exactSilhouettes = EXACT_SILHOUETTE_POINTS }: ClusterRequest,
  groups: GivenGroups,
  { threads, signal }: ClusterOptions,
): Promise<Grouped> {
  const { points } = prepare(pointsFromColumns(columns, names), transform, scaling);
  const { labels } = groups;
  const k = groups.names.length;
  const centroids = meansOf(points, labels, k);
  const inertia = inertiaOf(points, labels, centroids);
  const clustering = { k, labels, centroids, inertia };
  const options = { seed, exactUpTo: exactSilhouettes, threads, signal };
  const { values, sampled } = await silhouettes(points, [clustering], options);
  const silhouette = values[0] ?? 0;
  const score = {
    k,
    inertia,
    silhouette,
    calinskiHarabasz: k < 2 ? null : calinskiHarabasz(points, clustering, spreadOf(points)),
    daviesBouldin: daviesBouldin(points, clustering),
  };
  const projection = project(points);
  return {
    k,
    labels,
    inertia,
    silhouette,
    silhouetteSample: sampled,
    stability: null,
    selection: [score],
    projection,
  };
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
