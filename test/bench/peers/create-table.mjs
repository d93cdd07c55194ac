/**
 * A CSV file into a table of DuckDB in memory, with types decided from all rows.
 *
 * create-table.mjs <file>; prints {seconds, cpuSeconds, rows} without the time of loading the library.
 */
import { performance } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';

const [file] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:')).connect();

const start = performance.now();
const before = process.cpuUsage();
await connection.run(
  `CREATE TABLE rows AS SELECT * FROM read_csv('${file.replaceAll("'", "''")}', sample_size = -1)`,
);
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(before);
const cpuSeconds = Math.round((user + system) / 1e4) / 100;

const [[rows]] = (await connection.runAndReadAll('SELECT count(*) FROM rows')).getRows();
console.log(JSON.stringify({ seconds, cpuSeconds, rows: Number(rows) }));
