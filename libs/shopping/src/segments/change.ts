import { type FeatureDefinition, HABIT_NAMES } from '../habits/features.js';
import { thousands } from './plain-number.js';

/** One feature of a shopper in an earlier and in a later report. */
export interface FeatureChange {
  feature: Pick<FeatureDefinition, 'name' | 'label' | 'unit'>;
  from: number;
  to: number;
  /** Standard deviation of the feature on the scale compared; 0 where it tells nothing. */
  deviation: number;
}

/** The scale on which values are compared; see `comparedColumns`. */
export const comparable = (value: number, transform: 'log1p' | 'none'): number =>
  transform === 'log1p' ? Math.log1p(Math.max(0, value)) : value;

/** The largest change in standard deviations, as `recency 31 → 74 days`; null where nothing has changed. */
export function reasonOf(changes: readonly FeatureChange[], transform: 'log1p' | 'none'): string | null {
  const sizes = changes.map(({ from, to, deviation }) =>
    deviation === 0 ? 0 : Math.abs(comparable(to, transform) - comparable(from, transform)) / deviation,
  );
  const largest = Math.max(0, ...sizes);
  const change = changes[sizes.indexOf(largest)];
  if (largest === 0 || change === undefined) return null;
  const { name, label, unit } = change.feature;
  const habit = (HABIT_NAMES as readonly string[]).includes(name);
  const measured = unit.replace(/^currency ?/, '');
  return `${habit ? label.toLowerCase() : label} ${shown(change.from)} → ${shown(change.to)} ${measured}`.trim();
}

const shown = (value: number): string => thousands(Math.round(value * 100) / 100);
