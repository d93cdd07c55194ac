import { RECORD_REJECTIONS } from '../csv/scan/reject-reason.js';

/** What is found on rows that load, or rejects single ones, beside {@link RECORD_REJECTIONS}: what each means. */
export const VALUE_ANOMALIES = {
  bad_cast: 'The value does not fit the type that is demanded of its column.',
  empty_key: 'The record has no value in a column of the key.',
  duplicate_row: 'The row equals an earlier row of the file.',
  duplicate_key: 'A later row of the file has the same key and takes the place of this one.',
  mixed_types: 'Most values of the column are numbers or dates, but not all: it stays text.',
  ambiguous_dates: 'No value of the column tells day from month.',
  compact_dates:
    'All values of the column may be dates (yyyymmdd), but nothing says so: they stay whole numbers.',
  constant_column: 'All values of the column are equal.',
  outlier: 'The value lies far outside the middle half of its column.',
  lost_characters: 'The value has U+FFFD: characters were lost before the file was sent.',
  missing_shopper: 'The row has no shopper.',
  cancelled_order: 'The order is cancelled: C followed by digits.',
  zero_price: 'The price is zero.',
  negative_price: 'The price is negative.',
  future_date: 'The date lies after the file was received.',
} as const;

/** Types that reject their record. */
const REJECTING = ['bad_cast', 'empty_key'] as const satisfies (keyof typeof VALUE_ANOMALIES)[];

export type AnomalyType = keyof typeof RECORD_REJECTIONS | keyof typeof VALUE_ANOMALIES;

/** Every type of anomaly, by whether its record is rejected. */
export const ANOMALY_TYPES: Readonly<Record<AnomalyType, { rejects: boolean; meaning: string }>> =
  Object.fromEntries([
    ...Object.entries(RECORD_REJECTIONS).map(([type, meaning]) => [type, { rejects: true, meaning }]),
    ...Object.entries(VALUE_ANOMALIES).map(([type, meaning]) => [
      type,
      { rejects: REJECTING.some((rejecting) => rejecting === type), meaning },
    ]),
  ]) as Record<AnomalyType, { rejects: boolean; meaning: string }>;
