/**
 * npm run bench -- large-files [--json] [--megabytes N] [--only NAME]
 *
 * What files of 1 GB do to a worker: a plain one, 2,000 columns, a single line, a quote that never closes; and headers of
 * 10,000 and of 1,000,000 columns. The figure is the worker's peak memory: at most 1 GB. What is refused names its reason;
 * a small file that a second worker reads meanwhile tells whether other jobs are held up.
 */
import { createWriteStream, mkdtempSync, openAsBlob, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { printOutcome, round } from './harness/outcome.mjs';
import { System } from './harness/system.mjs';

const MEGABYTE = 1024 ** 2;
const LIMIT_MEGABYTES = 1024;
const POLL_MS = 200;
const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    megabytes: { type: 'string', default: '1024' },
    only: { type: 'string' },
  },
});
const bytes = Number(options.megabytes) * MEGABYTE;

const names = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, index) => `c${index}`).join(',');
/** What stands behind the number of a row; as many as make columns of values that differ. */
const wideRows = Array.from({ length: 64 }, (_, row) =>
  Array.from({ length: 1999 }, (__, index) => ((row + 1) * (index + 7919) * 104_729) % 1_000_003).join(','),
);

/**
 * `body` again and again, or `row` by row: no two are equal.
 * @type {{ name: string, head: string, body?: string, row?: (row: number) => string, size: number, loads: boolean }[]}
 */
const FILES = [
  {
    name: 'plain',
    head: 'InvoiceNo,Quantity,CustomerID\n',
    row: (row) => `${536_365 + (row >> 4)},${row % 97},${12_346 + (row % 5000)}\n`,
    size: bytes,
    loads: true,
  },
  {
    name: '2,000 columns',
    head: `${names(2000)}\n`,
    row: (row) => `${row},${wideRows[row % wideRows.length]}\n`,
    size: bytes,
    loads: true,
  },
  { name: 'single line', head: 'a,b\n1,2\n', body: 'x'.repeat(1000), size: bytes, loads: true },
  { name: 'single line, no header', head: 'a', body: 'x'.repeat(1000), size: bytes, loads: false },
  { name: 'unclosed quote', head: 'a,b\n1,2\n"3,', body: '4\n5,', size: bytes, loads: false },
  { name: '10,000 columns', head: `${names(10_000)}\n`, body: '1\n', size: MEGABYTE, loads: false },
  { name: '1,000,000 columns', head: `${names(1_000_000)}\n`, body: '1\n', size: 8 * MEGABYTE, loads: false },
];

const directory = mkdtempSync(path.join(tmpdir(), 'large-files-'));
// The files take longer than a token lives.
const system = await System.start({ workers: 2, environment: { ACCESS_TOKEN_EXPIRE_DAYS: '1' } });
const results = [];
try {
  const small = await write({ name: 'small', head: 'a,b\n', body: '1,2\n', size: 1000, loads: true });
  for (const file of FILES.filter(({ name }) => options.only === undefined || name === options.only)) {
    const result = await measure(file, small);
    const { name, seconds, peakMegabytes, smallSeconds, outcome } = result;
    console.error(
      `${name}: ${seconds} s, peak ${peakMegabytes} MB, small file beside it ${smallSeconds} s: ${outcome}`,
    );
    results.push(result);
  }
} finally {
  await system.stop();
  rmSync(directory, { recursive: true, force: true });
}
const peak = Math.max(...results.map(({ peakMegabytes }) => peakMegabytes));
printOutcome(
  {
    name: 'large-files',
    unit: 'MB',
    better: 'lower',
    ours: { value: peak, files: results },
    peers: { 'what is allowed': { value: LIMIT_MEGABYTES } },
  },
  options.json,
);
process.exitCode = peak <= LIMIT_MEGABYTES && results.every(({ asExpected }) => asExpected) ? 0 : 1;

/** @param {(typeof FILES)[number]} file */
async function write(file) {
  const target = path.join(directory, `${file.name.replaceAll(/\W+/g, '-')}.csv`);
  await pipeline(Readable.from(blocks(file)), createWriteStream(target));
  return target;
}

/** @param {(typeof FILES)[number]} file */
function* blocks({ head, body = '', row, size }) {
  yield Buffer.from(head);
  const repeated = body.repeat(Math.max(1, Math.floor(MEGABYTE / Math.max(1, body.length))));
  let rows = 0;
  for (let written = head.length; written < size;) {
    let block = '';
    do block += row === undefined ? repeated : row(rows++);
    while (block.length < MEGABYTE);
    written += block.length;
    yield Buffer.from(block);
  }
}

/** @param {(typeof FILES)[number]} file @param {string} small */
async function measure(file, small) {
  const target = await write(file);
  for (const worker of system.workers) worker.forgetPeak();
  const start = performance.now();
  const outcome = await load(target);
  const seconds = round((performance.now() - start) / 1000);
  rmSync(target);
  const peakMegabytes = Math.round(
    Math.max(...system.workers.map((worker) => worker.memory().peak)) / MEGABYTE,
  );
  return {
    name: file.name,
    seconds,
    peakMegabytes,
    smallSeconds: outcome.smallSeconds,
    outcome: outcome.said,
    asExpected: outcome.loaded === file.loads,
  };

  /** @param {string} source */
  async function load(source) {
    const answer = await send(source);
    if (answer.status !== 202)
      return { said: `${answer.status} ${answer.body.detail}`, loaded: false, smallSeconds: 0 };
    const beside = await timeOf(small);
    const task = await ended(answer.body.task.id);
    const { rowCount, rejectedCount } = await system.get(`/uploads/${answer.body.upload.id}`);
    return task.status === 'succeeded'
      ? { said: `${rowCount} rows, ${rejectedCount} rejected`, loaded: true, smallSeconds: beside }
      : { said: `${task.error.code}: ${task.error.message}`, loaded: false, smallSeconds: beside };
  }
}

/** @param {string} source */
async function timeOf(source) {
  const start = performance.now();
  await ended((await send(source)).body.task.id);
  return round((performance.now() - start) / 1000);
}

/** @param {string} source */
async function send(source) {
  const form = new FormData();
  form.append('customerId', await system.customer());
  form.append('name', 'large');
  form.append('file', await openAsBlob(source, { type: 'text/csv' }), path.basename(source));
  const response = await fetch(`${system.baseUrl}/api/v1/datasets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.token}` },
    body: form,
  });
  return { status: response.status, body: await response.json() };
}

/** @param {string} id */
async function ended(id) {
  for (;;) {
    const task = await system.get(`/tasks/${id}`);
    if (!['queued', 'running'].includes(task.status)) return task;
    await delay(POLL_MS);
  }
}
