/**
 * How fast questions about a dataset are answered: over HTTP, warm, never from kept answers; median of one client for
 * each kind of question, on Online Retail as one upload and with four upserts of 20,000 rows on it. Then cold: a new api
 * process without local frames; then ten clients at once, beside a probe of /health/live.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { onlineRetail } from './harness/data.mjs';
import { benchOptions } from './harness/contest.mjs';
import { medianLatency, quantile } from './harness/latency.mjs';
import { printOutcome, round } from './harness/outcome.mjs';
import { pythonUnavailable, runPeer } from './harness/peer.mjs';
import { System } from './harness/system.mjs';
import { questions } from './query/questions.mjs';

const UPSERTS = 4;
const UPSERT_ROWS = 20_000;
const CLIENTS = 10;
const REQUESTS_A_CLIENT = 30;
const PROBE_MS = 25;
const { json, runs } = benchOptions();
const data = await onlineRetail();
const system = await System.start();
try {
  const customerId = await system.customer();
  const plain = await uploaded(customerId);
  const asked = questions(data.rows);
  const { found: ours, firstInOrder } = await medians(plain, asked);
  const cold = [];
  for (let run = 0; run < runs; run++) {
    await system.renewApi();
    const start = performance.now();
    await ask(plain, asked['filtered page'](100 + run));
    cold.push(performance.now() - start);
  }
  const crowd = await crowded(plain, asked);
  const upserted = await withUpserts(plain);
  const peers = await peerMedians();
  const { found: afterUpserts, firstInOrder: firstAfterUpserts } = await medians(
    plain,
    questions(upserted),
    50,
  );
  console.error(table(ours, afterUpserts, peers));
  printOutcome(
    {
      name: 'query',
      unit: 'ms a question',
      better: 'lower',
      ours: {
        value: mean(ours),
        slowest: Math.max(...Object.values(ours)),
        slowestWithUpserts: Math.max(...Object.values(afterUpserts)),
        firstInOrder: Math.max(firstInOrder, firstAfterUpserts),
        cold: round(quantile(cold, 0.5)),
        ...crowd,
        apiPeakMegabytes: round(system.api.memory().peak / 1024 ** 2),
      },
      peers: Object.fromEntries(
        Object.entries(peers).map(([name, figures]) => [name, { value: mean(figures) }]),
      ),
    },
    json,
  );
} finally {
  await system.stop();
  data.remove();
}

/** @param {string} customerId @returns {Promise<string>} the id of the dataset */
async function uploaded(customerId) {
  const { dataset, task } = await system.upload(customerId, data.file);
  await system.finished(task.id);
  return dataset.id;
}

/** @param {string} dataset @returns {Promise<number>} how many rows it has then */
async function withUpserts(dataset) {
  const [header, ...lines] = readFileSync(data.file, 'utf8').trimEnd().split('\n');
  const rows = Math.min(UPSERT_ROWS, Math.floor(lines.length / 6));
  for (let upsert = 0; upsert < UPSERTS; upsert++) {
    const first = Math.floor((lines.length / (UPSERTS + 1)) * (upsert + 0.5));
    const text = [header, ...lines.slice(first, first + rows)].join('\n');
    const form = new FormData();
    form.append('mode', 'upsert');
    form.append('keyColumns', 'InvoiceNo,StockCode');
    form.append('file', new Blob([text], { type: 'text/csv' }), `upsert-${upsert}.csv`);
    const { task } = await system.post(`/datasets/${dataset}/uploads`, form);
    await system.finished(task.id);
  }
  return (await system.get(`/datasets/${dataset}`)).rowCount;
}

/** @param {string} dataset @param {string} question @returns {Promise<void>} */
async function ask(dataset, question) {
  const { hit } = await system.ask(`/datasets/${dataset}/${question}`);
  if (hit) throw new Error(`answered from the cache: ${question}`);
}

/**
 * @param {string} dataset @param {ReturnType<typeof questions>} asked
 * @returns the medians, and what the first page in an order took at most, of which nothing is known by then
 */
async function medians(dataset, asked, from = 0) {
  /** @type {Record<string, number>} */
  const found = {};
  let firstInOrder = 0;
  for (const [name, question] of Object.entries(asked)) {
    const start = performance.now();
    await ask(dataset, question(from + 30));
    if (question(0).includes('ordering=')) firstInOrder = Math.max(firstInOrder, performance.now() - start);
    found[name] = await medianLatency((time) => ask(dataset, question(from + time)));
  }
  return { found, firstInOrder: round(firstInOrder) };
}

/** Ten clients, each asking all kinds of questions in turn. @param {string} dataset @param {ReturnType<typeof questions>} asked */
async function crowded(dataset, asked) {
  const kinds = Object.values(asked);
  /** @type {number[]} */
  const taken = [];
  /** @type {number[]} */
  const alive = [];
  const client = async (/** @type {number} */ number) => {
    for (let time = 0; time < REQUESTS_A_CLIENT; time++) {
      const question = kinds[(number + time) % kinds.length](200 + number * REQUESTS_A_CLIENT + time);
      const start = performance.now();
      await ask(dataset, question);
      taken.push(performance.now() - start);
    }
  };
  const done = new AbortController();
  const probe = async () => {
    while (!done.signal.aborted) {
      const start = performance.now();
      await (await fetch(`${system.baseUrl}/health/live`)).text();
      alive.push(performance.now() - start);
      await delay(PROBE_MS);
    }
  };
  const probed = probe();
  const cpuBefore = system.api.cpuSeconds();
  const start = performance.now();
  try {
    await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  } finally {
    done.abort();
    await probed;
  }
  return {
    clients: CLIENTS,
    answersASecond: round(taken.length / ((performance.now() - start) / 1000)),
    cpuMsAnAnswer: round(((system.api.cpuSeconds() - cpuBefore) * 1000) / taken.length),
    clientsP50: round(quantile(taken, 0.5)),
    clientsP95: round(quantile(taken, 0.95)),
    healthP50: round(quantile(alive, 0.5)),
    healthP95: round(quantile(alive, 0.95)),
    healthMost: round(Math.max(...alive)),
  };
}

/** @returns {Promise<Record<string, Record<string, number>>>} name of the peer → question → milliseconds */
async function peerMedians() {
  const peers = [
    { name: 'DuckDB, one Parquet file', script: 'query-duckdb.mjs', unavailable: () => undefined },
    {
      name: 'pandas, in memory',
      script: 'query.py',
      unavailable: () => pythonUnavailable({ 'python3-pandas': 'pandas' }),
    },
  ];
  /** @type {Record<string, Record<string, number>>} */
  const found = {};
  for (const { name, script, unavailable } of peers) {
    const reason = unavailable();
    if (reason === undefined) found[name] = (await runPeer(script, [data.file])).questions;
    else console.error(`${name}: left out, ${reason}`);
  }
  return found;
}

/**
 * @param {Record<string, number>} ours @param {Record<string, number>} upserted
 * @param {Record<string, Record<string, number>>} peers
 */
function table(ours, upserted, peers) {
  const columns = { DataCore: ours, 'with four upserts': upserted, ...peers };
  return [
    line(['median, ms', ...Object.keys(columns)]),
    ...Object.keys(ours).map((name) =>
      line([name, ...Object.values(columns).map((figures) => figures[name] ?? '-')]),
    ),
  ].join('\n');
}

/** @param {(string | number)[]} cells */
function line(cells) {
  return cells.map((cell, at) => (at === 0 ? String(cell).padEnd(28) : String(cell).padStart(26))).join('');
}

/** @param {Record<string, number>} figures */
function mean(figures) {
  const values = Object.values(figures);
  return round(values.reduce((sum, value) => sum + value, 0) / values.length);
}
