import { type DuckDBConnection, DuckDBDoubleVector } from '@duckdb/node-api';

/**
 * Reads the columns of a select, all cast to DOUBLE, with the only extraction that neither blocks the loop
 * nor copies values one by one: chunk vectors into arrays that exist already.
 * @param rows how many rows the select answers, exactly
 * @returns one array a column over shared memory, so that threads can take them; NaN where a value is null
 */
export async function extractDoubles(
  connection: DuckDBConnection,
  sql: string,
  rows: number,
): Promise<Float64Array<SharedArrayBuffer>[]> {
  const result = await connection.stream(sql);
  const columns = Array.from(
    { length: result.columnCount },
    () => new Float64Array(new SharedArrayBuffer(rows * Float64Array.BYTES_PER_ELEMENT)),
  );
  let done = 0;
  for (
    let chunk = await result.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    if (done + chunk.rowCount > rows) throw new RangeError(`The select answers more than ${rows} rows.`);
    for (const [index, column] of columns.entries()) {
      const vector = chunk.getColumnVector(index);
      if (!(vector instanceof DuckDBDoubleVector)) throw new TypeError(`Column ${index + 1} is no DOUBLE.`);
      for (let row = 0; row < chunk.rowCount; row += 1)
        column[done + row] = vector.getItem(row) ?? Number.NaN;
    }
    done += chunk.rowCount;
  }
  if (done !== rows) throw new RangeError(`The select answers ${done} rows, not ${rows}.`);
  return columns;
}
