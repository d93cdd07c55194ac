/**
 * How fast a report is made: from the request until it is ready, over HTTP, with one worker, for data that has been
 * uploaded. pandas and scikit-learn do the same from the CSV file: clean it, recency, frequency and money of each
 * shopper, k-means with ten starts for each k from 2 to 10, exact silhouettes.
 */
import { onlineRetail } from './harness/data.mjs';
import { benchOptions, contest, timedWithCpu } from './harness/contest.mjs';
import { printOutcome, round } from './harness/outcome.mjs';
import { pythonUnavailable, runPeer } from './harness/peer.mjs';
import { System } from './harness/system.mjs';

const OURS = 'DataCore';
const PEER = 'pandas + scikit-learn';
const { json, runs } = benchOptions();
const data = await onlineRetail();
const system = await System.start();
try {
  const customerId = await system.customer();
  const { task } = await system.upload(customerId, data.file);
  await system.finished(task.id);
  const results = await contest(
    [
      { name: OURS, run: (run) => report(customerId, run) },
      {
        name: PEER,
        unavailable: async () =>
          pythonUnavailable({ 'python3-pandas': 'pandas', 'python3-sklearn': 'sklearn' }),
        run: () => runPeer('report.py', [data.file]),
      },
    ],
    runs,
  );
  const figures = [...results].map(([name, { seconds, ...more }]) => [
    name,
    { value: round(seconds), ...more },
  ]);
  const { [OURS]: ours, ...peers } = Object.fromEntries(figures);
  printOutcome({ name: 'report', unit: 's', better: 'lower', ours, peers }, json);
} finally {
  await system.stop();
  data.remove();
}

/** Another seed each time: the answer to an equal request comes from the cache. @param {string} customerId @param {number} seed */
async function report(customerId, seed) {
  const [times, made] = await timedWithCpu(
    () => system.cpuSeconds(),
    async () => {
      const { report: accepted, task } = await system.post('/reports', { customerId, seed });
      await system.finished(task.id);
      return system.get(`/reports/${accepted.id}`);
    },
  );
  if (made.status !== 'succeeded') {
    throw new Error(`unexpected report: ${JSON.stringify({ status: made.status, error: made.error })}`);
  }
  const { k, data: used, quality } = made;
  return { ...times, k, silhouette: round(quality.silhouette), shoppers: used.shoppers, rows: used.rows };
}
