/**
 * The questions of the bench, asked of DuckDB over one Parquet file in one process: no HTTP, no tenants, no uploads.
 *
 * query-duckdb.mjs <csv file>; prints {seconds, questions: {name: median milliseconds}}.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';
import { medianLatency } from '../harness/latency.mjs';

const [file] = process.argv.slice(2);
const directory = mkdtempSync(path.join(tmpdir(), 'datacore-bench-duckdb-'));
const COUNTRIES = ['France', 'Germany', 'EIRE', 'Spain', 'Netherlands', 'Belgium', 'Switzerland', 'Portugal'];
try {
  const parquet = path.join(directory, 'rows.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `COPY (SELECT * REPLACE (strptime(InvoiceDate, '%m/%d/%Y %H:%M') AS InvoiceDate)
             FROM read_csv('${file}', types = {'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'InvoiceDate': 'VARCHAR'}))
       TO '${parquet}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  const rows = `read_parquet('${parquet}', file_row_number = true)`;
  const [[count]] = (await connection.runAndReadAll(`SELECT count(*) FROM ${rows}`)).getRows();
  const deep = Math.floor((Number(count) * 0.9965) / 20) * 20 - 800;
  const middle = Math.floor(Number(count) / 40) * 20;
  const selective = (/** @type {number} */ time) =>
    `Country = '${COUNTRIES[time % COUNTRIES.length]}' AND Quantity >= ${2 + Math.floor(time / COUNTRIES.length)}`;
  const run = async (/** @type {string} */ sql) => (await connection.runAndReadAll(sql)).getRows();
  const page = async (/** @type {string} */ where, order = '', offset = 0) => {
    if (where !== '') await run(`SELECT count(*) FROM ${rows} WHERE ${where}`);
    const sorted = [...(order === '' ? [] : [order]), 'file_row_number'].join(', ');
    await run(
      `SELECT * FROM ${rows} ${where === '' ? '' : `WHERE ${where}`} ORDER BY ${sorted} LIMIT 20 OFFSET ${offset}`,
    );
  };
  const figures = `count(UnitPrice), min(UnitPrice), max(UnitPrice), sum(UnitPrice), avg(UnitPrice), stddev_samp(UnitPrice),
    quantile_cont(UnitPrice, [0.25, 0.5, 0.75])`;
  /** @type {Record<string, (time: number) => Promise<unknown>>} */
  const asked = {
    'filtered page': (time) => page(selective(time)),
    'filtered page of many': (time) => page(`Quantity >= ${time + 1} AND UnitPrice > 0.5`),
    'filtered deep page': (time) => page(`Quantity IS DISTINCT FROM ${10_000 + time}`, '', deep),
    'deep page': (time) => page('', '', deep + time * 20),
    'sorted page': (time) => page('', 'UnitPrice DESC', time * 20),
    'sorted deep page': (time) => page('', 'UnitPrice', deep + time * 20),
    'sorted middle page': (time) => page('', 'InvoiceDate', middle + time * 20),
    'sorted by text, deep page': (time) => page('', 'Description', deep + time * 20),
    'filtered stats': (time) => run(`SELECT ${figures} FROM ${rows} WHERE ${selective(time)}`),
    'filtered stats by group': (time) =>
      run(`SELECT Country, count(*), ${figures} FROM ${rows} WHERE Quantity > ${time} GROUP BY Country`),
    values: (time) =>
      run(`SELECT Country, count(*) AS times FROM ${rows} WHERE Quantity > ${time} GROUP BY Country
           ORDER BY times DESC, Country LIMIT 20`),
  };
  const start = performance.now();
  /** @type {Record<string, number>} */
  const questions = {};
  for (const [name, question] of Object.entries(asked)) questions[name] = await medianLatency(question);
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, questions }));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
