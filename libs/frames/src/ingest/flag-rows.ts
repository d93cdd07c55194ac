import { physicalName, quoteLiteral } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';
import type { FindingKind } from '../csv/file/report-findings.js';
import { misfit } from '../types/decide-types.js';
import type { StagedTable } from '../types/staged-table.js';
import type { TypedColumn } from '../types/typed-column.js';

/** Rows of a staged table that something is to be said of. */
export interface FlaggedRows {
  /** NDJSON `{r, k, v}` in order of r; k is an index of `kinds`. */
  path: string;
  kinds: FindingKind[];
  /** Rows removed, as a demanded type does not fit. */
  rejected: number;
  duplicates: number;
  count: number;
}

const DUPLICATE: FindingKind = {
  type: 'duplicate_row',
  column: null,
  message: 'The row equals an earlier row of the file.',
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

/** Removes rows whose values do not fit demanded types, finds duplicates, and writes down all that was found. */
export async function flagRows(
  staged: StagedTable,
  columns: readonly TypedColumn[],
  path: string,
): Promise<FlaggedRows> {
  const { connection, table } = staged;
  const flagged = uniqueName('flagged_');
  const kinds: FindingKind[] = [];
  await connection.run(`CREATE TABLE ${flagged} (r BIGINT, k INTEGER, v VARCHAR)`);
  try {
    const misfits = columns.filter((column) => column.misfits > 0);
    for (const column of misfits) {
      const kind = kinds.push(badCast(column)) - 1;
      await connection.run(
        `INSERT INTO ${flagged} SELECT r, ${kind}, ${column.physical} FROM ${table} WHERE ${misfit(column)}`,
      );
    }
    if (misfits.length > 0)
      await connection.run(`DELETE FROM ${table} WHERE r IN (SELECT r FROM ${flagged})`);
    const rejected = await count(staged, `SELECT count(DISTINCT r) FROM ${flagged}`);
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
    const duplicates = await flagDuplicates(staged, flagged, kinds.push(DUPLICATE) - 1);
    const total = await count(staged, `SELECT count(*) FROM ${flagged}`);
    if (total > 0) {
      await connection.run(
        `COPY (SELECT r, k, v FROM ${flagged} ORDER BY r, k) TO ${quoteLiteral(path)} (FORMAT json)`,
      );
    }
    return { path, kinds, rejected, duplicates, count: total };
  } finally {
    await connection.run(`DROP TABLE ${flagged}`);
  }
}

/**
 * Rows that equal an earlier one, by 128 bits made of two hashes over the columns in opposite order:
 * memory is bounded by the number of rows, not by their width.
 */
async function flagDuplicates(staged: StagedTable, flagged: string, kind: number): Promise<number> {
  const { connection, table, names } = staged;
  const columns = names.map((_, index) => physicalName(index));
  const hashes = `hash(${columns.join(', ')}) AS h, hash(${columns.toReversed().join(', ')}) AS g`;
  await connection.run(
    `INSERT INTO ${flagged}
     WITH hashed AS MATERIALIZED (SELECT r, ${hashes} FROM ${table}),
          repeated AS (SELECT h, g, min(r) AS first FROM hashed GROUP BY h, g HAVING count(*) > 1)
     SELECT r, ${kind}, NULL FROM hashed JOIN repeated USING (h, g) WHERE r > first`,
  );
  return count(staged, `SELECT count(*) FROM ${flagged} WHERE k = ${kind}`);
}
