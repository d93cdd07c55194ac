import { type Archetype, ARCHETYPES } from './archetypes.js';
import type { HabitMeans, SegmentLabel } from './segment-means.js';

/** Below it, more than half of a segment's shoppers ordered a single time. */
export const MOSTLY_ONE_ORDER = 1.5;
/** Segments this many times apart stand at the two ends of a scale; those that are closer stand closer. */
const FULL_CONTRAST = Math.log(8);
/** Time since the last order, in the segment's usual time between two, at which shoppers are fully in their rhythm. */
const IN_RHYTHM = 0.75;
/** What a segment's own rhythm counts beside the other segments' recency. */
const RHYTHM_WEIGHT = 0.7;
/** A name that fits this much less than the best one is still better than one shared by two segments. */
const MAX_DETOUR = 0.15;

interface Place {
  recent: number;
  valuable: number;
  once: boolean;
}

interface Choice {
  rank: number;
  distance: number;
}

/**
 * For each segment the archetype it stands nearest to, each once where that fits nearly as well.
 * @param worth the habits that tell how valuable shoppers are
 */
export function habitLabels(
  segments: readonly HabitMeans[],
  worth: readonly ('frequency' | 'monetary')[],
): SegmentLabel[] {
  const choices = placesOf(segments, worth).map(choicesOf);
  const pairs = choices
    .flatMap((own, segment) => own.map((choice) => ({ segment, ...choice })))
    .filter(({ segment, distance }) => distance <= (choices[segment]?.[0]?.distance ?? 0) + MAX_DETOUR)
    .sort((a, b) => a.distance - b.distance || a.segment - b.segment || a.rank - b.rank);
  const ranks = new Map<number, number>();
  const taken = new Set<number>();
  for (const { segment, rank } of pairs) {
    if (ranks.has(segment) || taken.has(rank)) continue;
    ranks.set(segment, rank);
    taken.add(rank);
  }
  return choices.map((own, segment) => {
    const { label, action } = ARCHETYPES[ranks.get(segment) ?? own[0]?.rank ?? 0] as Archetype;
    return { label, action };
  });
}

function placesOf(segments: readonly HabitMeans[], worth: readonly ('frequency' | 'monetary')[]): Place[] {
  const late = positions(segments.map(({ recencyDays }) => recencyDays));
  const worths = worth.map((name) => positions(segments.map((means) => means[name] ?? 0)));
  return segments.map(({ recencyDays, frequency, intervalDays }, index) => {
    const once = frequency < MOSTLY_ONE_ORDER;
    const amongOthers = 1 - (late[index] ?? 0);
    const inRhythm = once || intervalDays === null ? null : rhythm(recencyDays / intervalDays);
    const recent =
      inRhythm === null ? amongOthers : RHYTHM_WEIGHT * inRhythm + (1 - RHYTHM_WEIGHT) * amongOthers;
    const valuable = worths.reduce((sum, values) => sum + (values[index] ?? 0), 0) / worths.length;
    return { recent, valuable, once };
  });
}

/** Where each value stands between the lowest (0) and the highest (1) on a logarithmic scale. */
function positions(values: readonly number[]): number[] {
  const logs = values.map((value) => Math.log1p(Math.max(0, value)));
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const range = Math.max(high - low, FULL_CONTRAST);
  return logs.map((value) => 0.5 + (value - (low + high) / 2) / range);
}

/** 1 = an order is not due yet, 0 = several are overdue. */
function rhythm(orders: number): number {
  return Math.min(1, Math.max(0, 1 - Math.log(orders / IN_RHYTHM) / FULL_CONTRAST));
}

/** The archetypes whose name does not lie, the nearest first. */
const choicesOf = ({ recent, valuable, once }: Place): Choice[] =>
  ARCHETYPES.map((archetype, rank) => ({
    rank,
    archetype,
    distance: Math.hypot(recent - archetype.recent, valuable - archetype.valuable),
  }))
    .filter(({ archetype: { orders } }) => orders === undefined || orders === (once ? 'once' : 'often'))
    .sort((a, b) => a.distance - b.distance || a.rank - b.rank);
