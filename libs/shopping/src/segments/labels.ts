import { ARCHETYPES } from './archetypes.js';

export type Centroid = Record<string, number>;

export interface SegmentLabel {
  label: string;
  action: string;
}

/**
 * A name and a suggested action for each segment, from the centroids (in the features' own units) alone; never two
 * names alike. With recency and frequency or money, names of shopping habits; else what is high and low in a segment.
 */
export function labelSegments(centroids: readonly Centroid[]): SegmentLabel[] {
  const first = centroids[0] ?? {};
  const worth = ['frequency', 'monetary'].filter((name) => name in first);
  const labels =
    'recencyDays' in first && worth.length > 0
      ? habitLabels(centroids, worth)
      : differenceLabels(centroids, Object.keys(first));
  return numbered(labels);
}

/** Where each centroid stands between the lowest (0) and the highest (1) on a logarithmic scale; 0.5 if all are equal. */
function positions(centroids: readonly Centroid[], name: string): number[] {
  const logs = centroids.map((centroid) => Math.log1p(Math.max(0, centroid[name] ?? 0)));
  const low = Math.min(...logs);
  const range = Math.max(...logs) - low;
  return logs.map((value) => (range > 0 ? (value - low) / range : 0.5));
}

/** The surest pair of segment and archetype first, until every segment has one. */
function habitLabels(centroids: readonly Centroid[], worth: readonly string[]): SegmentLabel[] {
  const late = positions(centroids, 'recencyDays');
  const worths = worth.map((name) => positions(centroids, name));
  const pairs = centroids.flatMap((_, segment) => {
    const recent = 1 - (late[segment] ?? 0);
    const valuable = worths.reduce((sum, values) => sum + (values[segment] ?? 0), 0) / worths.length;
    return ARCHETYPES.map((archetype, rank) => ({
      segment,
      rank,
      archetype,
      distance: Math.hypot(recent - archetype.recent, valuable - archetype.valuable),
    }));
  });
  pairs.sort((a, b) => a.distance - b.distance || a.segment - b.segment || a.rank - b.rank);
  const labels: (SegmentLabel | undefined)[] = centroids.map(() => undefined);
  let taken = new Set<number>();
  while (labels.includes(undefined)) {
    for (const { segment, rank, archetype } of pairs) {
      if (labels[segment] !== undefined || taken.has(rank)) continue;
      taken.add(rank);
      labels[segment] = { label: archetype.label, action: archetype.action };
    }
    // More segments than archetypes: each archetype may serve once more.
    taken = new Set();
  }
  return labels as SegmentLabel[];
}

/** The two features in which a segment's centroid stands out most from the others, in standard deviations. */
function differenceLabels(centroids: readonly Centroid[], names: readonly string[]): SegmentLabel[] {
  const scores = names.map((name) => standardised(centroids.map((centroid) => centroid[name] ?? 0)));
  return centroids.map((_, segment) => {
    const phrases = names
      .map((name, index) => ({ name, score: scores[index]?.[segment] ?? 0 }))
      .sort((a, b) => Math.abs(b.score) - Math.abs(a.score))
      .slice(0, 2)
      .map(({ name, score }) => `${level(score)} ${name}`);
    const label = phrases.join(', ');
    return {
      label: label.charAt(0).toUpperCase() + label.slice(1),
      action: `Address them by what sets them apart: ${phrases.join(' and ')}.`,
    };
  });
}

const level = (score: number): string => {
  if (score > 1) return 'very high';
  if (score > 0.3) return 'high';
  if (score < -1) return 'very low';
  if (score < -0.3) return 'low';
  return 'average';
};

function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (spread > 0 ? (value - mean) / spread : 0));
}

/** `Promising`, `Promising 2`, `Promising 3` for what would else be alike. */
function numbered(labels: readonly SegmentLabel[]): SegmentLabel[] {
  const times = new Map<string, number>();
  return labels.map(({ label, action }) => {
    const time = (times.get(label) ?? 0) + 1;
    times.set(label, time);
    return { label: time === 1 ? label : `${label} ${time}`, action };
  });
}
