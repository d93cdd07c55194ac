/**
 * npm run bench -- million-shoppers [--json] [--shoppers N] [--rows N]
 *
 * A report on a million shoppers, of 20 million rows made of Online Retail: at most 60 s, 2 GB of the worker's memory,
 * and 100 ms for which its event loop is held up, then and while it reads the rows, which takes some minutes.
 */
import { parseArgs } from 'node:util';
import { manyShoppers } from './harness/many-shoppers.mjs';
import { printOutcome, round } from './harness/outcome.mjs';
import { System } from './harness/system.mjs';

const MEGABYTE = 1024 ** 2;
const LIMITS = { seconds: 60, megabytes: 2048, delayMs: 100 };
const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    shoppers: { type: 'string', default: '1000000' },
    rows: { type: 'string', default: '20000000' },
  },
});

const data = await manyShoppers(Number(options.shoppers), Number(options.rows));
console.error(`${data.shoppers.toLocaleString('en')} shoppers, ${data.rows.toLocaleString('en')} rows`);
const system = await System.start();
try {
  const customerId = await system.customer();
  const [worker] = system.workers;
  await worker.longestDelayMs();
  const uploading = performance.now();
  const { task } = await system.upload(customerId, data.file);
  await system.finished(task.id);
  const ingest = {
    seconds: round((performance.now() - uploading) / 1000),
    delayMs: await worker.longestDelayMs(),
  };
  console.error(`uploaded and read: ${JSON.stringify(ingest)}`);
  worker.forgetPeak();
  const start = performance.now();
  const cpuBefore = system.cpuSeconds();
  const { report: accepted, task: made } = await system.post('/reports', { customerId });
  await system.finished(made.id);
  const seconds = (performance.now() - start) / 1000;
  const { k, data: used, quality } = await system.get(`/reports/${accepted.id}`);
  const ours = {
    value: round(seconds),
    cpuSeconds: round(system.cpuSeconds() - cpuBefore),
    workerPeakMegabytes: round(worker.memory().peak / MEGABYTE),
    longestDelayMs: await worker.longestDelayMs(),
    ingest,
    k,
    silhouette: round(quality.silhouette),
    sampled: quality.silhouetteSample,
    shoppers: used.shoppers,
    rows: used.rows,
    ...phasesOf(worker),
  };
  printOutcome(
    {
      name: 'million-shoppers',
      unit: 's',
      better: 'lower',
      ours,
      peers: { 'what is allowed': { value: LIMITS.seconds } },
    },
    options.json,
  );
  const met =
    seconds <= LIMITS.seconds &&
    ours.workerPeakMegabytes <= LIMITS.megabytes &&
    Math.max(ours.longestDelayMs, ingest.delayMs) <= LIMITS.delayMs;
  process.exitCode = met ? 0 : 1;
} finally {
  await system.stop();
  data.remove();
}

/** What the worker logged of its phases. @param {import('./harness/app.mjs').App} app */
function phasesOf(app) {
  const line = app.output.findLast((text) => text.includes('shoppers segmented'));
  return line === undefined ? {} : { milliseconds: JSON.parse(line).milliseconds };
}
