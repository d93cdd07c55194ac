import { RECORD_REJECTIONS } from '../csv/scan/reject-reason.js';
import { dropTables } from '../engine/clean-up.js';
import { quoteLiteral } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';
import type { FlaggedRows } from '../ingest/flag-rows.js';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Finding, FindingKind } from './finding.js';

/** Where the flagged rows stand in the file: all in a row from one line on, or as `located` (see LocateJob) says. */
export type Whereabouts = { firstLine: number } | { located: string };

const FIRST_LINES = 5;
const VALUE_CHARACTERS = 1000;
const REJECTIONS = Object.entries(RECORD_REJECTIONS).map(([type, message]): FindingKind => ({
  type: type as keyof typeof RECORD_REJECTIONS,
  column: null,
  message,
  rejects: true,
}));

/**
 * Writes the list of all findings of a file: Parquet with `line`, `kind`, `value` and, where it differs from that of its
 * kind, `message`, in file order.
 * @param columns how many the header has
 * @param target a path that DuckDB may write
 * @returns what was found, counted, in order of its first line
 */
export async function writeFindings(
  connection: DuckDBConnection,
  { table, kinds }: Pick<FlaggedRows, 'table' | 'kinds'>,
  where: Whereabouts,
  columns: number,
  target: string,
): Promise<Finding[]> {
  const known = [...kinds, ...REJECTIONS];
  const located = uniqueName('located_');
  const value = `left(v, ${VALUE_CHARACTERS}) AS value`;
  const flagged =
    'firstLine' in where
      ? `SELECT r + ${where.firstLine} AS line, k AS kind, ${value}, NULL AS message FROM ${table}`
      : `SELECT line, k AS kind, ${value}, NULL AS message FROM ${table} JOIN ${located} USING (r)`;
  const refused = `SELECT line, ${kinds.length} + list_position([${REJECTIONS.map(({ type }) => `'${type}'`).join(', ')}], rejection) - 1,
         NULL, CASE WHEN rejection = 'ragged_row'
           THEN 'The record has ' || fields || ' fields, the header has ${columns}.' END
       FROM ${located} WHERE r IS NULL`;
  try {
    if ('located' in where) await loadLocated(connection, located, where.located);
    const found = 'located' in where ? `${flagged} UNION ALL ${refused}` : flagged;
    await connection.run(
      `COPY (SELECT line, kind::INTEGER AS kind, value, message FROM (${found}) ORDER BY line, kind)
         TO ${quoteLiteral(target)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    const reader = await connection.runAndReadAll(
      `SELECT kind, count(*)::DOUBLE, CAST(min(line, ${FIRST_LINES}) AS DOUBLE[])
         FROM read_parquet(${quoteLiteral(target)}, hive_partitioning=false) GROUP BY kind ORDER BY min(line), kind`,
    );
    return reader.getRowsJson().map(([kind, count, lines]) => {
      const { rejects, ...found } = known[Number(kind)] as FindingKind;
      return {
        ...found,
        kind: Number(kind),
        count: Number(count),
        rejected: rejects,
        firstLines: (lines as number[]).map(Number),
      };
    });
  } finally {
    await dropTables(connection, located);
  }
}

async function loadLocated(connection: DuckDBConnection, table: string, path: string): Promise<void> {
  const columns = `{'r': 'BIGINT', 'line': 'BIGINT', 'rejection': 'VARCHAR', 'fields': 'INTEGER'}`;
  await connection.run(
    `CREATE TABLE ${table} AS SELECT * FROM read_csv(${quoteLiteral(path)},
       auto_detect=false, header=false, columns=${columns}, delim=',', hive_partitioning=false)`,
  );
}
