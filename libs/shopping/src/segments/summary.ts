import { thousands } from './plain-number.js';

/** Figures behind the sentence about a segment; null where the data does not tell. */
export interface SegmentFigures {
  share: number;
  revenueShare: number | null;
  /** Means over the segment's shoppers. */
  recencyDays: number | null;
  frequency: number | null;
  monetary: number | null;
  /** Mean time between two orders of those who ordered more than once. */
  intervalDays: number | null;
}

const percent = (share: number): string => {
  const value = share * 100;
  if (value > 0 && value < 1) return 'less than 1 %';
  return `${Math.round(value)} %`;
};

const count = (value: number, noun: string): string => {
  const shown = value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  return `${thousands(shown)} ${noun}${shown === 1 ? '' : 's'}`;
};

/** One plain sentence: how many, how much they bring, how often they buy and when they were last seen. */
export function summarise(figures: SegmentFigures): string {
  const { share, revenueShare, recencyDays, frequency, monetary, intervalDays } = figures;
  const parts = [`${percent(share)} of shoppers`];
  if (revenueShare !== null) parts.push(`${percent(revenueShare)} of revenue`);
  if (frequency !== null) {
    const worth = monetary === null ? '' : ` worth ${thousands(Math.round(monetary))}`;
    const often = intervalDays === null ? '' : `, one every ${count(intervalDays, 'day')}`;
    parts.push(`${count(frequency, 'order')}${worth} per shopper${often}`);
  }
  if (recencyDays !== null) parts.push(`last seen ${count(Math.round(recencyDays), 'day')} ago`);
  return `${parts.join(', ')}.`;
}
