/**
 * How fast a dataset leaves as a file, over HTTP: megabytes a second, milliseconds to the first byte and what the api's
 * memory rises by, of Online Retail and of the same seven times over. Then ten at once. The peer is pandas, which writes
 * the frame that it has in memory already.
 */
import { readFileSync } from 'node:fs';
import { onlineRetail } from './harness/data.mjs';
import { benchOptions } from './harness/contest.mjs';
import { quantile } from './harness/latency.mjs';
import { printOutcome, round } from './harness/outcome.mjs';
import { pythonUnavailable, runPeer } from './harness/peer.mjs';
import { System } from './harness/system.mjs';

const MEGABYTE = 1024 ** 2;
const COPIES = 7;
const CROWD = 10;
const FORMATS = ['csv', 'ndjson', 'json', 'parquet'];
const { json, runs } = benchOptions();
const data = await onlineRetail();
const system = await System.start();
try {
  const customerId = await system.customer();
  const { dataset, task } = await system.upload(customerId, data.file);
  await system.finished(task.id);
  await exported(dataset.id, 'csv');
  const once = await measured(dataset.id, ['csv']);
  await append(dataset.id);
  const figures = await measured(dataset.id, FORMATS);
  const crowd = await watched(() =>
    Promise.all(Array.from({ length: CROWD }, () => exported(dataset.id, 'csv'))),
  );
  const { csv, ...others } = figures;
  const unavailable = pythonUnavailable({ 'python3-pandas': 'pandas' });
  if (unavailable !== undefined) console.error(`pandas: left out, ${unavailable}`);
  const peer = unavailable === undefined ? await runPeer('export.py', [data.file]) : undefined;
  printOutcome(
    {
      name: 'export',
      unit: 'MB/s',
      better: 'higher',
      ours: { value: csv.megabytesASecond, once: once.csv, csv, ...others, tenAtOnce: crowd.memory },
      peers: peer === undefined ? {} : { 'pandas to_csv': { value: round(peer.megabytes / peer.seconds) } },
    },
    json,
  );
} finally {
  await system.stop();
  data.remove();
}

/** The same rows again and again, each time but one of them. @param {string} dataset */
async function append(dataset) {
  const lines = readFileSync(data.file, 'utf8').trimEnd().split('\n');
  for (let copy = 1; copy < COPIES; copy++) {
    const form = new FormData();
    form.append(
      'file',
      new Blob([lines.toSpliced(copy, 1).join('\n')], { type: 'text/csv' }),
      `copy-${copy}.csv`,
    );
    const { task } = await system.post(`/datasets/${dataset}/uploads`, form);
    await system.finished(task.id);
  }
}

/** The median run of each format. @param {string} dataset @param {string[]} formats */
async function measured(dataset, formats) {
  /** @type {Record<string, { megabytesASecond: number, firstByteMs: number, megabytes: number, riseMegabytes: number }>} */
  const found = {};
  for (const format of formats) {
    const samples = [];
    for (let run = 0; run < runs; run++) {
      const { value, memory } = await watched(() => exported(dataset, format));
      samples.push({ ...value, ...memory });
    }
    const middle = (/** @type {'seconds' | 'firstByteMs' | 'riseMegabytes'} */ figure) =>
      quantile(
        samples.map((sample) => sample[figure]),
        0.5,
      );
    const megabytes = samples[0].bytes / MEGABYTE;
    found[format] = {
      megabytesASecond: round(megabytes / middle('seconds')),
      firstByteMs: round(middle('firstByteMs')),
      megabytes: round(megabytes),
      riseMegabytes: middle('riseMegabytes'),
    };
  }
  return found;
}

/** What the api's memory rises by meanwhile. @template T @param {() => Promise<T>} work */
async function watched(work) {
  const before = system.api.memory().now;
  system.api.forgetPeak();
  const value = await work();
  const { peak } = system.api.memory();
  const riseMegabytes = round(Math.max(0, peak - before) / MEGABYTE);
  return { value, memory: { riseMegabytes, peakMegabytes: round(peak / MEGABYTE) } };
}

/** Reads all of an export and keeps nothing of it. @param {string} dataset @param {string} format */
async function exported(dataset, format) {
  const start = performance.now();
  const response = await system.open(`/datasets/${dataset}/export?format=${format}`);
  let bytes = 0;
  let firstByteMs = 0;
  for await (const chunk of response.body ?? []) {
    if (bytes === 0) firstByteMs = performance.now() - start;
    bytes += chunk.length;
  }
  return { bytes, firstByteMs, seconds: (performance.now() - start) / 1000 };
}
