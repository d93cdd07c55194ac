import { comparedColumns, type Difference, differencesOf, notable, typicalRows } from './differences.js';
import { labelSegments } from './labels.js';
import type { Centroid, HabitMeans } from './segment-means.js';
import { summarise } from './summary.js';

/** Habits of each shopper that the sentences need, whatever features the segments were made of. */
export interface ShopperHabits {
  recencyDays: Float64Array;
  frequency: Float64Array;
  spanDays: Float64Array;
}

export interface SegmentInput {
  k: number;
  /** Group of each shopper, 0…k−1, each with at least one shopper. */
  labels: Uint8Array;
  /** One array a feature, in its own unit. */
  columns: readonly Float64Array[];
  names: readonly string[];
  /** The scale on which segments are compared: the one they were made on. */
  transform: 'log1p' | 'none';
  /** Names of the groups where somebody gave them; else they are named by their centroids. */
  groupNames: readonly string[] | null;
  /** Null where no amounts are known. */
  revenue: Float64Array | null;
  /** ISO 4217; null where nobody named one. */
  currency: string | null;
  /** Null for shoppers datasets. */
  habits: ShopperHabits | null;
}

export interface Quartiles {
  p25: number;
  p50: number;
  p75: number;
}

export interface Segment {
  index: number;
  label: string;
  size: number;
  /** Shares are 0…1. */
  share: number;
  revenueShare: number | null;
  /** Mean of each feature, in its own unit. */
  centroid: Centroid;
  spread: Record<string, Quartiles>;
  summary: string;
  action: string;
  /** What sets it apart from the rest. */
  distinguishing: Difference[];
}

export interface SegmentResult {
  segments: Segment[];
  /** Index of each shopper's segment. */
  labels: Uint8Array;
  /** By segment: the rows of a few typical shoppers. */
  examples: number[][];
}

/** Segments ordered by value: by share of revenue, else by size, falling; then by the numbers of the groups. */
export function buildSegments(input: SegmentInput): SegmentResult {
  const groups = membersOf(input.labels, input.k);
  const revenues = input.revenue === null ? null : groups.map((rows) => sumAt(input.revenue, rows));
  const weight = (group: number): number => revenues?.[group] ?? groups[group]?.length ?? 0;
  const order = groups.map((_, group) => group).sort((a, b) => weight(b) - weight(a) || a - b);
  const rowsOf = order.map((group) => groups[group] ?? new Int32Array());
  const compared = comparedColumns(input.columns, input.names, input.transform);
  const means = rowsOf.map((rows) => ({
    centroid: centroidOf(input, rows),
    differences: differencesOf(compared, rows),
    habits: habitMeans(input, rows),
  }));
  const labels = labelSegments(means);
  const total = revenues?.reduce((sum, revenue) => sum + revenue, 0) ?? 0;
  const segments = order.map((group, index) => {
    const rows = rowsOf[index] as Int32Array;
    const { centroid, differences, habits } = means[index] as (typeof means)[number];
    const share = rows.length / input.labels.length;
    const revenueShare = revenues === null || total === 0 ? null : (revenues[group] ?? 0) / total;
    const distinguishing = notable(differences);
    return {
      index,
      label: input.groupNames?.[group] ?? labels[index]?.label ?? '',
      size: rows.length,
      share,
      revenueShare,
      centroid,
      spread: spreadOf(input, rows),
      summary: summarise({ share, revenueShare, habits, currency: input.currency, distinguishing }),
      action: labels[index]?.action ?? '',
      distinguishing,
    };
  });
  const position = Uint8Array.from(order, (_, group) => order.indexOf(group));
  return {
    segments,
    labels: input.labels.map((group) => position[group] ?? 0),
    examples: rowsOf.map((rows) => typicalRows(compared, rows)),
  };
}

function membersOf(labels: Uint8Array, k: number): Int32Array[] {
  const sizes = new Int32Array(k);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  const groups = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(k);
  labels.forEach((label, row) => {
    const at = filled[label] ?? 0;
    (groups[label] as Int32Array)[at] = row;
    filled[label] = at + 1;
  });
  return groups;
}

function sumAt(values: Float64Array | null, rows: Int32Array): number {
  let sum = 0;
  for (const row of rows) sum += values?.[row] ?? 0;
  return sum;
}

const meanAt = (values: Float64Array, rows: Int32Array): number => sumAt(values, rows) / rows.length;

const centroidOf = ({ columns, names }: SegmentInput, rows: Int32Array): Centroid =>
  Object.fromEntries(names.map((name, feature) => [name, meanAt(columns[feature] as Float64Array, rows)]));

function spreadOf({ columns, names }: SegmentInput, rows: Int32Array): Record<string, Quartiles> {
  return Object.fromEntries(
    names.map((name, feature) => {
      const sorted = Float64Array.from(rows, (row) => columns[feature]?.[row] ?? 0).sort();
      const at = (share: number): number => interpolated(sorted, share);
      return [name, { p25: at(0.25), p50: at(0.5), p75: at(0.75) }];
    }),
  );
}

/** Linear interpolation between the two nearest ranks, as NumPy and pandas do. */
function interpolated(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)] ?? 0;
  const high = sorted[Math.ceil(position)] ?? low;
  return low + (high - low) * (position - Math.floor(position));
}

function habitMeans({ habits, revenue }: SegmentInput, rows: Int32Array): HabitMeans | null {
  if (habits === null) return null;
  const gaps = sumAt(habits.frequency, rows) - rows.length;
  const span = sumAt(habits.spanDays, rows);
  return {
    recencyDays: meanAt(habits.recencyDays, rows),
    frequency: meanAt(habits.frequency, rows),
    monetary: revenue === null ? null : meanAt(revenue, rows),
    intervalDays: gaps > 0 && span > 0 ? span / gaps : null,
  };
}
