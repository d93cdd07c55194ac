import type { HabitName } from '../habits/features.js';
import { differenceLabels } from './difference-labels.js';
import { habitLabels } from './habit-labels.js';
import type { Centroid, SegmentLabel, SegmentMeans } from './segment-means.js';

/**
 * A name and a suggested action for each segment, from the means of the report's segments alone; never two names alike. Segments
 * by recency and frequency or money are named after shopping habits, others by what is high and low in them.
 */
export function labelSegments(segments: readonly SegmentMeans[]): SegmentLabel[] {
  const centroids = segments.map(({ centroid }) => centroid);
  const habits = segments.flatMap((means) => means.habits ?? []);
  const first = centroids[0] ?? {};
  const worth = (['frequency', 'monetary'] as const).filter((name) => name in first);
  const named =
    'recencyDays' in first && worth.length > 0 && habits.length === segments.length
      ? toldApart(habitLabels(habits, worth), centroids)
      : differenceLabels(segments.map(({ differences }) => differences));
  return numbered(named);
}

/** How segments of the same kind are told from each other: the one with more of a habit, the one with less. */
const CONTRASTS: Record<HabitName, readonly [more: string, less: string]> = {
  recencyDays: ['longer unseen', 'seen lately'],
  frequency: ['more orders', 'fewer orders'],
  monetary: ['higher spend', 'lower spend'],
  averageBasket: ['bigger baskets', 'smaller baskets'],
  itemsPerBasket: ['more pieces', 'fewer pieces'],
  distinctProducts: ['wider choice', 'narrower choice'],
  tenureDays: ['known for longer', 'newer'],
  daysBetweenOrders: ['slower rhythm', 'quicker rhythm'],
  returnRate: ['more returns', 'fewer returns'],
};

/** Adds to names that are alike the habit in which these segments differ most. */
function toldApart(labels: readonly SegmentLabel[], centroids: readonly Centroid[]): SegmentLabel[] {
  const told = [...labels];
  for (const label of new Set(labels.map((own) => own.label))) {
    const alike = labels.flatMap((own, segment) => (own.label === label ? [segment] : []));
    const habit = alike.length < 2 ? null : widest(alike.map((segment) => centroids[segment] ?? {}));
    if (habit === null) continue;
    const falling = alike.toSorted(
      (a, b) => (centroids[b]?.[habit] ?? 0) - (centroids[a]?.[habit] ?? 0) || a - b,
    );
    const [more, less] = CONTRASTS[habit];
    falling.forEach((segment, place) => {
      const between = place === falling.length - 1 ? less : 'in between';
      told[segment] = {
        label: `${label}, ${place === 0 ? more : between}`,
        action: labels[segment]?.action ?? '',
      };
    });
  }
  return told;
}

/** The habit in which the centroids are most times apart; null where they are equal. */
function widest(centroids: readonly Centroid[]): HabitName | null {
  const ranges = (Object.keys(centroids[0] ?? {}) as HabitName[]).map((name) => {
    const logs = centroids.map((centroid) => Math.log1p(Math.max(0, centroid[name] ?? 0)));
    return { name, range: Math.max(...logs) - Math.min(...logs) };
  });
  const [first] = ranges.filter(({ range }) => range > 0).sort((a, b) => b.range - a.range);
  return first?.name ?? null;
}

/** `Promising`, `Promising 2`, `Promising 3` for what would still be alike. */
function numbered(labels: readonly SegmentLabel[]): SegmentLabel[] {
  const times = new Map<string, number>();
  const names = new Set(labels.map(({ label }) => label));
  return labels.map(({ label, action }) => {
    let time = times.get(label) ?? 0;
    let name = label;
    do {
      time += 1;
      name = time === 1 ? label : `${label} ${time}`;
    } while (time > 1 && names.has(name));
    times.set(label, time);
    return { label: name, action };
  });
}
