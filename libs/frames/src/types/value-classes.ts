import type { DateOrder, DecimalMark } from '../columns/column.js';

// Patterns are RE2 (DuckDB) and match whole values; spaces around a value do not count.
const NUMBER = {
  '.': { mark: String.raw`\.`, group: ',' },
  ',': { mark: ',', group: String.raw`\.` },
} as const;

/** Digits without leading zeros, perhaps in groups of three. A leading `+` or zero says identifier, not number. */
const digits = (group: string): string => `(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:${group}[0-9]{3})+)`;

const integer = (decimal: DecimalMark): string => {
  const { mark, group } = NUMBER[decimal];
  return `-?${digits(group)}(?:${mark}0+)?`;
};

const number = (decimal: DecimalMark): string => {
  const { mark, group } = NUMBER[decimal];
  return `-?(?:${digits(group)}(?:${mark}[0-9]+)?|${mark}[0-9]+)(?:[eE][-+]?[0-9]{1,3})?`;
};

/** A way to write numbers, with the pattern of its values. */
export interface NumberClass {
  kind: 'integer' | 'number';
  decimal: DecimalMark;
  pattern: string;
}

export const NUMBER_CLASSES: readonly NumberClass[] = (['.', ','] as const).flatMap((decimal) => [
  { kind: 'integer' as const, decimal, pattern: integer(decimal) },
  { kind: 'number' as const, decimal, pattern: number(decimal) },
]);

export const BOOLEAN_PATTERN = '(?i:true|false|yes|no)';
/** Where a person or the dataset demands a boolean, more words will do. */
export const DEMANDED_BOOLEAN_PATTERN = '(?i:true|false|yes|no|t|f|y|n|on|off|1|0)';
export const TRUE_WORDS = ['true', 'yes', 't', 'y', 'on', '1'] as const;

/** A way to write dates: pattern, and the strptime format of every order it may stand for. */
export interface DateFamily {
  name: string;
  /** Pattern of the date without a time. */
  date: string;
  formats: Partial<Record<DateOrder, string[]>>;
  /** Order of ambiguous values where nothing else decides. */
  usual: DateOrder;
  /** False where a time never follows. */
  withTime: boolean;
  /** True where the values may end with `Z` or an offset. */
  withZone: boolean;
}

const SEPARATORS = { '-': '-', '/': '/', '.': String.raw`\.`, ' ': ' ' } as const;
const MONTH =
  '(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';

function numericFamilies(separator: '-' | '/' | '.'): DateFamily[] {
  const s = SEPARATORS[separator];
  const join = (...parts: string[]): string[] => [parts.join(separator)];
  // 1/2/2003 is month first in most exports that use slashes, 1.2.2003 and 1-2-2003 day first.
  const usual = separator === '/' ? 'mdy' : 'dmy';
  return [
    {
      name: `Y${separator}M${separator}D`,
      date: `[0-9]{4}${s}[0-9]{1,2}${s}[0-9]{1,2}`,
      formats: { ymd: join('%Y', '%m', '%d') },
      usual: 'ymd',
      withTime: true,
      withZone: separator === '-',
    },
    ...(['Y', 'y'] as const).map((year) => ({
      name: `1${separator}2${separator}${year === 'Y' ? '2003' : '03'}`,
      date: `[0-9]{1,2}${s}[0-9]{1,2}${s}[0-9]{${year === 'Y' ? 4 : 2}}`,
      formats: { dmy: join('%d', '%m', `%${year}`), mdy: join('%m', '%d', `%${year}`) },
      usual: usual as DateOrder,
      withTime: true,
      withZone: false,
    })),
  ];
}

function monthNameFamilies(separator: '-' | '/' | ' '): DateFamily[] {
  return (['Y', 'y'] as const).map((year) => ({
    name: `1${separator}Jan${separator}${year === 'Y' ? '2003' : '03'}`,
    date: `[0-9]{1,2}${separator}${MONTH}${separator}[0-9]{${year === 'Y' ? 4 : 2}}`,
    formats: { dmy: ['%b', '%B'].map((month) => ['%d', month, `%${year}`].join(separator)) },
    usual: 'dmy',
    withTime: true,
    withZone: false,
  }));
}

/** `20030102`: a date only where the column's name, its role or a demand says so. */
export const COMPACT_DATE: DateFamily = {
  name: 'YYYYMMDD',
  date: '(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])',
  formats: { ymd: ['%Y%m%d'] },
  usual: 'ymd',
  withTime: false,
  withZone: false,
};

export const DATE_FAMILIES: readonly DateFamily[] = [
  ...(['-', '/', '.'] as const).flatMap(numericFamilies),
  ...(['-', '/', ' '] as const).flatMap(monthNameFamilies),
  {
    name: 'Jan 1, 2003',
    date: `${MONTH} [0-9]{1,2}, [0-9]{4}`,
    formats: { mdy: ['%b %d, %Y', '%B %d, %Y'] },
    usual: 'mdy',
    withTime: true,
    withZone: false,
  },
  COMPACT_DATE,
];

const TIME = '[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]{1,6})?)?(?: ?[AaPp][Mm])?';
const ZONE = '(?:Z| ?[-+][0-9]{2}(?::?[0-9]{2})?)';

/** Pattern of a family's values, with and without a time. */
export function familyPattern(family: DateFamily): string {
  if (!family.withTime) return family.date;
  const zone = family.withZone ? `${ZONE}?` : '';
  return `${family.date}(?:${family.withZone ? '[T ]' : ' '}${TIME}${zone})?`;
}

/** `pattern` with room for spaces around a value. */
export const padded = (pattern: string): string => `[ \\t]*(?:${pattern})[ \\t]*`;
