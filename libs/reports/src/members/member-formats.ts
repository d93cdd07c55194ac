import {
  type Column,
  csvCell,
  csvHeader,
  distinctWhateverCase,
  quoteIdentifier,
  quoteLiteral,
  type VisibleSet,
} from '@app/frames';
import type { ReportEntity } from '../report.entity.js';
import { memberFeature, RFM_SCORES } from './member-columns.js';

export const MEMBER_FORMATS = ['csv', 'json', 'parquet'] as const;
export type MemberFormat = (typeof MEMBER_FORMATS)[number];

/** What is selected of the members table, and how COPY is to write it. */
export interface ExportedColumns {
  selected: string;
  options: string;
  /** What the file holds where there are no rows, which COPY would not end rightly. */
  empty: string | null;
}

interface Value {
  name: string;
  /** SQL. */
  value: string;
  isText: boolean;
}

const ADDRESS = String.raw`[^\s@]+@[^\s@]+\.[^\s@]+`;

/** One text a line as it stands: JSON holds neither line ends nor the delimiter. */
const JSON_LINES = String.raw`FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\x01',
  PREFIX '[', SUFFIX E']\n', NEW_LINE E',\n'`;

/** `shopperId` (or `hashedEmail`), `segment`, `label`, the features, and the scores where the report has them. */
export function exportedMembers(
  { outcome, params }: ReportEntity,
  table: VisibleSet,
  { format, hashedEmail }: { format: MemberFormat; hashedEmail: boolean },
): ExportedColumns {
  const physical = (name: string): string =>
    table.columns.find((column) => column.name === name)?.physical ?? 'NULL';
  const labels = outcome?.segments.map(({ label }) => quoteLiteral(label)) ?? [];
  const shopper = {
    name: hashedEmail ? 'hashedEmail' : 'shopperId',
    value: hashedEmail ? hashed(physical('shopperId')) : physical('shopperId'),
    isText: true,
  };
  const segment = { name: 'segment', value: physical('segment'), isText: false };
  const label = { name: 'label', value: `[${labels.join(', ')}][${segment.value} + 1]`, isText: true };
  const features = params.features.map((name) => ({
    name,
    value: physical(memberFeature(name)),
    isText: false,
  }));
  const scores =
    params.rfm === null
      ? []
      : RFM_SCORES.map(({ member }) => ({
          name: member,
          value: physical(member),
          isText: member === 'rfm.group',
        }));
  if (format === 'json') {
    const members = [
      ...[shopper, segment, label].map(jsonMember),
      `'features', ${jsonObject(features)}`,
      ...(scores.length === 0
        ? []
        : [
            `'rfm', ${jsonObject(scores.map((score) => ({ ...score, name: score.name.replace('rfm.', '') })))}`,
          ]),
    ];
    return {
      selected: `CAST(json_object(${members.join(', ')}) AS VARCHAR)`,
      options: JSON_LINES,
      empty: null,
    };
  }
  const all = [shopper, segment, label, ...features, ...scores];
  const names = distinctWhateverCase(all.map(({ name }) => name));
  if (format === 'parquet') {
    const selected = all.map(({ value }, index) => `${value} AS ${quoteIdentifier(names[index] ?? '')}`);
    return { selected: selected.join(', '), options: 'FORMAT parquet, COMPRESSION zstd', empty: null };
  }
  const header = csvHeader(names, true);
  return {
    selected: all.map((value) => (value.isText ? safeText(value) : plainNumber(value))).join(', '),
    options: String.raw`FORMAT csv, HEADER false, NEW_LINE E'\r\n', PREFIX ${quoteLiteral(header)}, SUFFIX E'\r\n'`,
    empty: header,
  };
}

/** As advertising platforms ask for: of the trimmed address in lower case; null where the id is no address. */
const hashed = (id: string): string =>
  `CASE WHEN regexp_full_match(trim(${id}), '${ADDRESS}') THEN sha256(lower(trim(${id}))) END`;

const safeText = ({ value }: Value): string =>
  csvCell({ physical: `(${value})`, storage: 'VARCHAR' } as unknown as Column, true);

/** Whole numbers without a fraction, as people write them. */
const plainNumber = ({ value }: Value): string =>
  `CASE WHEN ${value} = trunc(${value}) AND abs(${value}) < 1e15 THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR)
    ELSE CAST(${value} AS VARCHAR) END`;

const jsonMember = ({ name, value }: Value): string => `${quoteLiteral(name)}, ${value}`;

const jsonObject = (values: readonly Value[]): string => `json_object(${values.map(jsonMember).join(', ')})`;
