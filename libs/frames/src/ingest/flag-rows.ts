import { Problem } from '@app/problems';
import { physicalName, quoteLiteral } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';
import type { FindingKind } from '../csv/file/report-findings.js';
import { misfit } from '../types/decide-types.js';
import { isFilled, type StagedTable } from '../types/staged-table.js';
import type { TypedColumn } from '../types/typed-column.js';
import { VALUE_ANOMALIES } from '../quality/anomaly-types.js';
import type { ValueCheck } from '../quality/value-checks.js';
import type { DuplicatePolicy } from './request.js';

/** Rows of a staged table that something is to be said of. */
export interface FlaggedRows {
  /** NDJSON `{r, k, v}` in order of r; k is an index of `kinds`. */
  path: string;
  kinds: FindingKind[];
  /** Rows removed, as a demanded type does not fit or the key is empty. */
  rejected: number;
  duplicates: number;
  /** Of the duplicates, those removed. */
  dropped: number;
  /** Rows whose key a later row has too. */
  repeatedKeys: number;
  count: number;
}

export interface RowRules {
  keyColumns: readonly string[];
  duplicates: DuplicatePolicy;
  checks: readonly ValueCheck[];
}

const DUPLICATE: FindingKind = {
  type: 'duplicate_row',
  column: null,
  message: VALUE_ANOMALIES.duplicate_row,
  rejects: false,
};

const EMPTY_KEY: Omit<FindingKind, 'column'> = {
  type: 'empty_key',
  message: VALUE_ANOMALIES.empty_key,
  rejects: true,
};

const DUPLICATE_KEY: FindingKind = {
  type: 'duplicate_key',
  column: null,
  message: VALUE_ANOMALIES.duplicate_key,
  rejects: false,
};

const badCast = ({ name, type }: TypedColumn): FindingKind => ({
  type: 'bad_cast',
  column: name,
  message: `The value is no ${type}, as is demanded of this column.`,
  rejects: true,
});

const count = async ({ connection }: StagedTable, sql: string): Promise<number> =>
  Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0]);

/**
 * Removes rows whose values do not fit demanded types or whose key is empty, finds rows and keys that occur again,
 * and writes down all that was found.
 */
export async function flagRows(
  staged: StagedTable,
  columns: readonly TypedColumn[],
  rules: RowRules,
  path: string,
): Promise<FlaggedRows> {
  const { connection, table } = staged;
  const flagged = uniqueName('flagged_');
  const kinds: FindingKind[] = [];
  await connection.run(`CREATE TABLE ${flagged} (r BIGINT, k INTEGER, v VARCHAR)`);
  try {
    const keys = keyColumnsOf(columns, rules.keyColumns);
    const refused = [
      ...columns
        .filter((column) => column.misfits > 0)
        .map((column) => ({ kind: badCast(column), column, rows: misfit(column) })),
      ...keys.map((column) => ({
        kind: { ...EMPTY_KEY, column: column.name },
        column,
        rows: `NOT coalesce(${isFilled(column.physical)}, false)`,
      })),
    ];
    for (const { kind, column, rows } of refused) {
      await connection.run(
        `INSERT INTO ${flagged} SELECT r, ${kinds.push(kind) - 1}, ${column.physical} FROM ${table} WHERE ${rows}`,
      );
    }
    const rejected = await count(staged, `SELECT count(DISTINCT r) FROM ${flagged}`);
    if (rejected > 0) await connection.run(`DELETE FROM ${table} WHERE r IN (SELECT r FROM ${flagged})`);
    for (const { column, note } of columns.flatMap((column) =>
      column.notes.map((note) => ({ column, note })),
    )) {
      const kind =
        kinds.push({ type: note.type, column: column.name, message: note.message, rejects: false }) - 1;
      // One finding a column, on the first row it concerns.
      await connection.run(
        `INSERT INTO ${flagged} SELECT r, ${kind}, ${column.physical} FROM ${table} WHERE ${note.concerns} ORDER BY r LIMIT 1`,
      );
    }
    for (const { type, column, message, rows, once } of rules.checks) {
      const kind = kinds.push({ type, column: column.name, message, rejects: false }) - 1;
      await connection.run(
        `INSERT INTO ${flagged} SELECT r, ${kind}, ${column.physical} FROM ${table} WHERE ${rows} ${once === true ? 'ORDER BY r LIMIT 1' : ''}`,
      );
    }
    const duplicates = await flagDuplicates(staged, flagged, kinds.push(DUPLICATE) - 1);
    const dropped = duplicates > 0 && rules.duplicates === 'drop';
    if (dropped) await dropDuplicates(staged, flagged, kinds.length - 1, keys.length > 0);
    const repeatedKeys = keys.length === 0 ? 0 : await flagRepeatedKeys(staged, flagged, keys, kinds);
    const total = await count(staged, `SELECT count(*) FROM ${flagged}`);
    if (total > 0) {
      await connection.run(
        `COPY (SELECT r, k, v FROM ${flagged} ORDER BY r, k) TO ${quoteLiteral(path)} (FORMAT json)`,
      );
    }
    return {
      path,
      kinds,
      rejected,
      duplicates,
      dropped: dropped ? duplicates : 0,
      repeatedKeys,
      count: total,
    };
  } finally {
    await connection.run(`DROP TABLE ${flagged}`);
  }
}

function keyColumnsOf(columns: readonly TypedColumn[], names: readonly string[]): TypedColumn[] {
  return names.map((name) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (column === undefined) {
      throw new Problem(
        'unprocessable',
        `The file has no column ${JSON.stringify(name)}, which is part of the key.`,
      );
    }
    return column;
  });
}

/**
 * Rows that equal an earlier one, by 128 bits made of two hashes over the columns in opposite order:
 * memory is bounded by the number of rows, not by their width.
 */
async function flagDuplicates(staged: StagedTable, flagged: string, kind: number): Promise<number> {
  await staged.connection.run(
    `INSERT INTO ${flagged} WITH ${repeatedRows(staged)}
     SELECT r, ${kind}, NULL FROM hashed JOIN repeated USING (h, g) WHERE r > first`,
  );
  return count(staged, `SELECT count(*) FROM ${flagged} WHERE k = ${kind}`);
}

/** Where rows have keys the last of equal rows stays, as the last row of a key counts. */
async function dropDuplicates(
  staged: StagedTable,
  flagged: string,
  kind: number,
  keepLast: boolean,
): Promise<void> {
  const dropped = keepLast
    ? `WITH ${repeatedRows(staged)} SELECT r FROM hashed JOIN repeated USING (h, g) WHERE r < last`
    : `SELECT r FROM ${flagged} WHERE k = ${kind}`;
  await staged.connection.run(`DELETE FROM ${staged.table} WHERE r IN (${dropped})`);
}

function repeatedRows({ table, names }: StagedTable): string {
  const columns = names.map((_, index) => physicalName(index));
  const hashes = `hash(${columns.join(', ')}) AS h, hash(${columns.toReversed().join(', ')}) AS g`;
  return `hashed AS MATERIALIZED (SELECT r, ${hashes} FROM ${table}),
    repeated AS (SELECT h, g, min(r) AS first, max(r) AS last FROM hashed GROUP BY h, g HAVING count(*) > 1)`;
}

/** Keys are compared as values, so that 7 and 7.0 are one. */
async function flagRepeatedKeys(
  staged: StagedTable,
  flagged: string,
  keys: readonly TypedColumn[],
  kinds: FindingKind[],
): Promise<number> {
  const kind = kinds.push(DUPLICATE_KEY) - 1;
  const values = keys.map(({ expression }) => expression).join(', ');
  await staged.connection.run(
    `INSERT INTO ${flagged}
     SELECT r, ${kind}, NULL FROM (SELECT r, max(r) OVER (PARTITION BY ${values}) AS last FROM ${staged.table})
      WHERE r < last`,
  );
  return count(staged, `SELECT count(*) FROM ${flagged} WHERE k = ${kind}`);
}
