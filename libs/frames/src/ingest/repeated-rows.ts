import { physicalName } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';
import type { StagedTable } from '../types/staged-table.js';

/**
 * Finds rows that occur more than once, by 128 bits made of two hashes over the columns in opposite order: memory is
 * bounded by the number of rows, not by their width. The second hash is made of rows alone that share the first.
 * @returns a table `r`, `first`, `last`: row, and the first and last of those it equals
 */
export async function findRepeatedRows({
  connection,
  table,
  names,
}: StagedTable): Promise<{ table: string; drop: () => Promise<void> }> {
  const columns = names.map((_, index) => physicalName(index));
  const forwards = `hash(${columns.join(', ')}) AS h`;
  const backwards = `hash(${columns.toReversed().join(', ')}) AS g`;
  const repeated = uniqueName('repeated_');
  await connection.run(
    `CREATE TABLE ${repeated} AS
     WITH hashed AS MATERIALIZED (SELECT r, ${forwards} FROM ${table}),
          shared AS (SELECT h FROM hashed GROUP BY h HAVING count(*) > 1),
          suspected AS MATERIALIZED (SELECT r FROM hashed SEMI JOIN shared USING (h)),
          told AS MATERIALIZED (SELECT r, ${forwards}, ${backwards} FROM ${table} SEMI JOIN suspected USING (r)),
          equal AS (SELECT h, g, min(r) AS first, max(r) AS last FROM told GROUP BY h, g HAVING count(*) > 1)
     SELECT r, first, last FROM told JOIN equal USING (h, g)`,
  );
  return {
    table: repeated,
    drop: async () => {
      await connection.run(`DROP TABLE ${repeated}`);
    },
  };
}
