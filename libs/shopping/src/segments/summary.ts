import type { Difference } from './differences.js';
import { MOSTLY_ONE_ORDER } from './habit-labels.js';
import { money } from './money.js';
import { thousands } from './plain-number.js';
import type { HabitMeans } from './segment-means.js';

/** Figures behind the sentence about a segment; null where the data does not tell. */
export interface SegmentFigures {
  share: number;
  revenueShare: number | null;
  habits: HabitMeans | null;
  /** ISO 4217. */
  currency: string | null;
  /** Told where there are no habits. */
  distinguishing: readonly Pick<Difference, 'feature' | 'mean' | 'others'>[];
}

const MOST_DIFFERENCES = 2;

const percent = (share: number): string => {
  const value = share * 100;
  if (value > 0 && value < 1) return 'less than 1 %';
  if (value > 99 && value < 100) return 'more than 99 %';
  return `${Math.round(value)} %`;
};

const rounded = (value: number): number =>
  Math.abs(value) < 10 ? Math.round(value * 10) / 10 : Math.round(value);

const count = (value: number, noun: string): string => {
  const shown = rounded(value);
  return `${thousands(shown)} ${noun}${shown === 1 ? '' : 's'}`;
};

/**
 * One plain sentence: how many they are, what they bring, how often they buy and when they were last seen; of shoppers
 * without habits, in what they differ from the others.
 */
export function summarise({ share, revenueShare, habits, currency, distinguishing }: SegmentFigures): string {
  const parts = [`${percent(share)} of shoppers`];
  if (revenueShare !== null) parts.push(`${percent(revenueShare)} of revenue`);
  const more =
    habits === null ? distinguishing.map(apart).slice(0, MOST_DIFFERENCES) : told(habits, currency);
  return `${[...parts, ...more].join(', ')}.`;
}

function told(
  { recencyDays, frequency, monetary, intervalDays }: HabitMeans,
  currency: string | null,
): string[] {
  const once = frequency > 1 && frequency < MOSTLY_ONE_ORDER ? ', most of them only one' : '';
  const worth = monetary === null ? '' : ` worth ${money(monetary, currency)}`;
  const often = intervalDays === null || frequency < MOSTLY_ONE_ORDER ? [] : [rhythm(intervalDays)];
  const days = Math.round(recencyDays);
  const seen = days === 0 ? 'last seen within a day' : `last seen ${count(days, 'day')} ago`;
  return [`${count(frequency, 'order')} a shopper${worth}${once}`, ...often, seen];
}

function rhythm(days: number): string {
  if (days < 1) return 'more than one a day';
  return `one every ${rounded(days) === 1 ? 'day' : count(days, 'day')}`;
}

const apart = ({ feature, mean, others }: SegmentFigures['distinguishing'][number]): string =>
  `${feature} ${thousands(rounded(mean))} (the others ${thousands(rounded(others))})`;
