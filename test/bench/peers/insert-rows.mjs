/**
 * A CSV file into MongoDB as csv-parse and the Node driver do it: one document a row, all cells text.
 *
 * insert-rows.mjs <file> <url of MongoDB>; prints {seconds, cpuSeconds, rows} without the time of loading the libraries.
 */
import { createReadStream } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parse } from 'csv-parse';
import mongoose from 'mongoose';

const BATCH = 10_000;
const [file, url] = process.argv.slice(2);
const connection = await mongoose.createConnection(url, { dbName: 'bench_csv_parse' }).asPromise();
const collection = connection.collection('rows');
await collection.drop();

const start = performance.now();
const before = process.cpuUsage();
let batch = [];
for await (const row of createReadStream(file).pipe(parse({ columns: true }))) {
  batch.push(row);
  if (batch.length === BATCH) {
    await collection.insertMany(batch, { ordered: false });
    batch = [];
  }
}
if (batch.length > 0) await collection.insertMany(batch, { ordered: false });
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(before);
const cpuSeconds = Math.round((user + system) / 1e4) / 100;

const rows = await collection.estimatedDocumentCount();
await connection.dropDatabase();
await connection.close();
console.log(JSON.stringify({ seconds, cpuSeconds, rows }));
