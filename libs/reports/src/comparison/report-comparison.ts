import { Injectable } from '@nestjs/common';
import { type DuckDBConnection, FrameQuery, reachable } from '@app/frames';
import { notFound, Problem } from '@app/problems';
import { reasonOf } from '@app/shopping';
import { memberFeature } from '../members/member-columns.js';
import { membersTable } from '../members/members-table.js';
import type { ReportEntity } from '../report.entity.js';
import { oneVisibleSet } from '../segmentation/one-visible-set.js';
import type { ReportOutcome, ReportSegment } from '../segmentation/outcome.js';
import { firstRow, rowsOf } from '../segmentation/shopper-figures.js';
import { type Nearest, nearestSegments, type Transition } from './transitions.js';

export const CHANGES = ['moved', 'stayed', 'new', 'gone'] as const;
/** `stayed`: the segment of the later report is the one that continues the segment of the earlier. */
export type Change = (typeof CHANGES)[number];

export interface ComparisonQuery {
  change: Change;
  /** Only shoppers of these segments. */
  from?: number | undefined;
  to?: number | undefined;
  page: number;
  pageSize: number;
}

export interface Mover {
  shopperId: string;
  from: number | null;
  to: number | null;
  /** The feature that changed most; null where none did, so that the segments themselves moved. */
  reason: string | null;
}

export interface Comparison {
  /** By earlier and later segment. */
  matrix: number[][];
  /** Shoppers of the later report alone, by its segments; and of the earlier alone, by its own. */
  new: number[];
  gone: number[];
  totals: Record<Change, number>;
  /** For each later segment, the earlier one it continues. */
  continues: (Nearest | null)[];
  count: number;
  movers: Mover[];
}

type Finished = ReportEntity & { outcome: ReportOutcome };
/** A feature that both reports have, with its columns in their tables. */
interface SharedFeature {
  feature: ReportOutcome['features'][number];
  earlier: string;
  later: string;
}

const DEADLINE_MILLISECONDS = 10_000;

/** Who moved between two reports of a customer. */
@Injectable()
export class ReportComparison {
  constructor(private readonly frames: FrameQuery) {}

  /** @throws Problem not_found for a report of another customer; conflict where one is not finished; unavailable */
  compare(earlier: ReportEntity, later: ReportEntity, query: ComparisonQuery): Promise<Comparison> {
    if (earlier.customerId !== later.customerId) throw notFound('report');
    const reports = [finished(earlier), finished(later)] as const;
    const { visible, relationsOf } = oneVisibleSet(reports.map((report) => membersTable(report)));
    return reachable(() =>
      this.frames.withRelation(
        visible,
        async (connection, relation) => {
          const [before = '', after = ''] = relationsOf(relation);
          const joined = `${before} AS before FULL JOIN ${after} AS after ON before.c0 = after.c0`;
          const counted = await countTransitions(connection, joined, reports);
          const movers = await this.movers(connection, { before, after, joined }, reports, counted, query);
          const { matrix, continues, totals } = counted;
          return { matrix, new: counted.new, gone: counted.gone, totals, continues, ...movers };
        },
        { deadlineMilliseconds: DEADLINE_MILLISECONDS },
      ),
    );
  }

  private async movers(
    connection: DuckDBConnection,
    tables: { before: string; after: string; joined: string },
    [earlier, later]: readonly [Finished, Finished],
    { continues }: Pick<Comparison, 'continues'>,
    { change, from, to, page, pageSize }: ComparisonQuery,
  ): Promise<Pick<Comparison, 'count' | 'movers'>> {
    const shared = sharedFeatures(earlier, later);
    const source = `[${continues.map((nearest) => nearest?.index ?? -1).join(', ')}][after.c1 + 1]`;
    const where = [
      CONDITIONS[change].replace('{source}', source),
      ...(from === undefined ? [] : [`before.c1 = ${Math.trunc(from)}`]),
      ...(to === undefined ? [] : [`after.c1 = ${Math.trunc(to)}`]),
    ].join(' AND ');
    const total = await firstRow(connection, {
      text: `SELECT count(*) AS count FROM ${tables.joined} WHERE ${where}`,
      values: {},
    });
    const values = shared.map(
      (feature, index) => `before.${feature.earlier} AS b${index}, after.${feature.later} AS a${index}`,
    );
    const rows = await rowsOf(connection, {
      text: `SELECT ${['coalesce(before.c0, after.c0) AS id', 'before.c1 AS origin', 'after.c1 AS target', ...values].join(', ')}
        FROM ${tables.joined} WHERE ${where} ORDER BY id LIMIT ${pageSize} OFFSET ${(page - 1) * pageSize}`,
      values: {},
    });
    const { transform } = later.params;
    const deviations = await deviationsOf(connection, tables, shared, transform);
    return {
      count: Number(total['count']),
      movers: rows.map((row) => {
        const changes = shared.flatMap(({ feature }, index) => {
          const [was, is] = [row[`b${index}`], row[`a${index}`]];
          if (typeof was !== 'number' || typeof is !== 'number') return [];
          return [{ feature, from: was, to: is, deviation: deviations[index] ?? 0 }];
        });
        return {
          shopperId: String(row['id']),
          from: indexOf(row['origin']),
          to: indexOf(row['target']),
          reason: reasonOf(changes, transform),
        };
      }),
    };
  }
}

const indexOf = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);

const CONDITIONS: Record<Change, string> = {
  moved: 'before.c1 <> {source}',
  stayed: 'before.c1 = {source}',
  new: 'before.c0 IS NULL',
  gone: 'after.c0 IS NULL',
};

function finished(report: ReportEntity): Finished {
  if (report.outcome === null)
    throw new Problem('conflict', 'The report is not finished; it has no members yet.');
  return report as Finished;
}

const sizesOf = (segments: readonly ReportSegment[]): number[] => segments.map(({ size }) => size);

const zeros = (segments: readonly ReportSegment[]): number[] => segments.map(() => 0);

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

async function countTransitions(
  connection: DuckDBConnection,
  joined: string,
  [earlier, later]: readonly [Finished, Finished],
): Promise<Pick<Comparison, 'matrix' | 'new' | 'gone' | 'totals' | 'continues'>> {
  const rows = await rowsOf(connection, {
    text: `SELECT before.c1 AS origin, after.c1 AS target, count(*) AS shoppers FROM ${joined} GROUP BY ALL`,
    values: {},
  });
  const before = earlier.outcome.segments;
  const after = later.outcome.segments;
  const matrix = before.map(() => zeros(after));
  const gone = zeros(before);
  const fresh = zeros(after);
  const transitions: Transition[] = [];
  for (const { origin, target, shoppers } of rows) {
    const count = Number(shoppers);
    if (origin === null) fresh[Number(target)] = count;
    else if (target === null) gone[Number(origin)] = count;
    else {
      transitions.push({ from: Number(origin), to: Number(target), count });
      const row = matrix[Number(origin)];
      if (row !== undefined) row[Number(target)] = count;
    }
  }
  const continues = nearestSegments(transitions, sizesOf(before), sizesOf(after));
  const stayed = sum(
    continues.map((nearest, to) => (nearest === null ? 0 : (matrix[nearest.index]?.[to] ?? 0))),
  );
  const moved = sum(matrix.flat()) - stayed;
  return { matrix, gone, new: fresh, continues, totals: { moved, stayed, new: sum(fresh), gone: sum(gone) } };
}

function sharedFeatures(earlier: Finished, later: Finished): SharedFeature[] {
  const column = ({ members }: Finished, name: string): string | undefined =>
    members?.columns.find((candidate) => candidate.name === memberFeature(name))?.physical;
  return later.outcome.features.flatMap((feature): SharedFeature[] => {
    const [before, after] = [column(earlier, feature.name), column(later, feature.name)];
    return before === undefined || after === undefined ? [] : [{ feature, earlier: before, later: after }];
  });
}

/** Population standard deviations over the shoppers of both reports together. */
async function deviationsOf(
  connection: DuckDBConnection,
  { before, after }: { before: string; after: string },
  shared: readonly SharedFeature[],
  transform: 'log1p' | 'none',
): Promise<number[]> {
  if (shared.length === 0) return [];
  const scaled = (column: string): string =>
    transform === 'log1p' ? `ln(1 + greatest(${column}, 0))` : column;
  const select = (table: string, side: 'earlier' | 'later'): string =>
    `SELECT ${shared.map((feature, index) => `${scaled(feature[side])} AS f${index}`).join(', ')} FROM ${table}`;
  const row = await firstRow(connection, {
    text: `SELECT ${shared.map((_, index) => `stddev_pop(f${index}) AS d${index}`).join(', ')}
      FROM (${select(before, 'earlier')} UNION ALL ${select(after, 'later')})`,
    values: {},
  });
  return shared.map((_, index) => {
    const deviation = row[`d${index}`];
    return typeof deviation === 'number' ? deviation : 0;
  });
}
