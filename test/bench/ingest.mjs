/**
 * How fast a CSV file becomes rows that can be queried: from the request until the upload is `ready`, over HTTP, with
 * one worker. The peers put the same file into the same MongoDB as one document a row.
 */
import { onlineRetail } from './harness/data.mjs';
import { benchOptions, contest, timedWithCpu } from './harness/contest.mjs';
import { printOutcome, round } from './harness/outcome.mjs';
import { pythonUnavailable, runPeer } from './harness/peer.mjs';
import { System } from './harness/system.mjs';

const OURS = 'DataCore';
/** Stores nothing: what the reading alone costs. Shown beside the peers, not one of them. */
const DUCKDB = 'DuckDB CREATE TABLE AS read_csv';
/** The first three uploads of an api take longer, until V8 has compiled what receives them. */
const { json, runs } = benchOptions({ runs: 5 });
const mongoUrl = process.env.MONGO_URL ?? '';
const data = await onlineRetail();
const system = await System.start();
try {
  const [worker] = system.workers;
  const results = await contest(
    [
      // Next to each other, as the machine's speed may change: this ratio has the narrowest goal.
      { name: OURS, run: ingest },
      { name: DUCKDB, run: () => runPeer('create-table.mjs', [data.file]) },
      {
        name: 'pandas + pymongo',
        unavailable: async () =>
          pythonUnavailable({ 'python3-pandas': 'pandas', 'python3-pymongo': 'pymongo' }),
        run: () => runPeer('insert_rows.py', [data.file, mongoUrl]),
      },
      { name: 'csv-parse + insertMany', run: () => runPeer('insert-rows.mjs', [data.file, mongoUrl]) },
    ],
    runs,
  );
  const figures = [...results].map(([name, { seconds, cpuSeconds }]) => [
    name,
    { value: Math.round(data.rows / seconds), seconds: round(seconds), cpuSeconds },
  ]);
  const { [OURS]: ours, [DUCKDB]: readingAlone, ...peers } = Object.fromEntries(figures);
  const peakMegabytes = round(worker.memory().peak / 1024 ** 2);
  printOutcome(
    {
      name: 'ingest',
      unit: 'rows/s',
      better: 'higher',
      ours: {
        ...ours,
        workerPeakMegabytes: peakMegabytes,
        timesDuckDb: round(ours.seconds / readingAlone.seconds),
        duckDb: readingAlone,
        timings: lastTimings(worker),
      },
      peers,
    },
    json,
  );
} finally {
  await system.stop();
  data.remove();
}

/** A customer of its own each time: one customer cannot have the same file twice. */
async function ingest() {
  const customerId = await system.customer();
  const [times, upload] = await timedWithCpu(
    () => system.cpuSeconds(),
    async () => {
      const { task, upload: accepted } = await system.upload(customerId, data.file);
      await system.finished(task.id);
      return system.get(`/uploads/${accepted.id}`);
    },
  );
  const { status, rowCount, rejectedCount } = upload;
  if (status !== 'ready' || rowCount !== data.rows || rejectedCount !== 0) {
    throw new Error(`unexpected upload: ${JSON.stringify({ status, rowCount, rejectedCount })}`);
  }
  return times;
}

/** Milliseconds of the steps of the last reading, as the worker logs them. @param {import('./harness/app.mjs').App} worker */
function lastTimings({ output }) {
  const line = output.findLast((text) => text.includes('"timings"'));
  return line === undefined ? undefined : JSON.parse(line).timings;
}
