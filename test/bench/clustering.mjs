/**
 * How fast the best clusterings into k = 2…10 are found, without silhouettes: the kernel of libs/clustering, scikit-learn
 * with ten starts, and on the small set ml-kmeans with ten. For every k the inertia is compared too: a ratio of at most 1
 * means that ours is as low or lower. All k are asked for at once, as reports do.
 */
import { kmeansRange } from '../../dist/libs/clustering/src/kernel/index.js';
import { benchOptions, contest, timedWithCpu } from './harness/contest.mjs';
import { round } from './harness/outcome.mjs';
import { pythonUnavailable, runPeer } from './harness/peer.mjs';
import { generatedShoppers, pointsFile, shoppersOfOnlineRetail } from './harness/points.mjs';

const OURS = 'DataCore';
const SKLEARN = 'scikit-learn';
const KS = [2, 3, 4, 5, 6, 7, 8, 9, 10];
/** From here on scikit-learn takes so long that one run has to do. */
const ONE_RUN = 500_000;

const { json, runs } = benchOptions();

/** @param {import('./harness/points.mjs').Points} points */
async function compare(points) {
  const { name, n, d, values } = points;
  const label = `${name}, ${n.toLocaleString('en')} × ${d}`;
  console.error(label);
  const { file, remove } = pointsFile(points);
  try {
    const contestants = [
      { name: OURS, run: () => ours(values, n, d) },
      {
        name: SKLEARN,
        unavailable: async () => pythonUnavailable({ 'python3-sklearn': 'sklearn' }),
        run: () => runPeer('kmeans.py', [file, String(d)]),
      },
      ...(n < 10_000 ? [{ name: 'ml-kmeans', run: () => runPeer('ml-kmeans.mjs', [file, String(d)]) }] : []),
    ];
    const results = await contest(contestants, n < ONE_RUN ? runs : 1, { warmUp: n < ONE_RUN });
    return { label, results: Object.fromEntries(results) };
  } finally {
    remove();
  }
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** @param {Float64Array} values @param {number} n @param {number} d */
async function ours(values, n, d) {
  const [times, found] = await timedWithCpu(cpuSeconds, () => kmeansRange(values, n, d, KS));
  return { ...times, inertias: found.map(({ inertia }) => inertia) };
}

/** Ours to theirs, to eight places. @param {number[]} a @param {number[]} b */
const ratios = (a, b) => a.map((inertia, index) => Number((inertia / b[index]).toFixed(8)));

const sets = [await compare(await shoppersOfOnlineRetail())];
for (const [n, d] of [
  [100_000, 5],
  [50_000, 20],
  [1_000_000, 5],
]) {
  sets.push(await compare(generatedShoppers(n, d)));
}

const rows = sets.flatMap(({ label, results: { [OURS]: own, ...peers } }) =>
  Object.entries(peers).map(([peer, theirs]) => ({
    set: label,
    peer,
    seconds: round(own.seconds),
    peerSeconds: round(theirs.seconds),
    ratio: round(theirs.seconds / own.seconds),
    cpuRatio: round(theirs.cpuSeconds / own.cpuSeconds),
    inertiaRatios: ratios(own.inertias, theirs.inertias),
  })),
);
console.error(`\ninertia ratios of k = ${KS.join(', ')}`);
for (const { set, peer, seconds, peerSeconds, ratio, cpuRatio, inertiaRatios } of rows) {
  console.error(
    `${set}: ${seconds} s, ${peer} ${peerSeconds} s: ${ratio} times (processor time: ${cpuRatio})`,
  );
  console.error(`    ${inertiaRatios.map((each) => each.toFixed(8)).join(' ')}`);
}
if (json) {
  const ratio = rows.length === 0 ? null : Math.min(...rows.map((row) => row.ratio));
  const seconds = (name) => sets.reduce((sum, { results }) => sum + (results[name]?.seconds ?? 0), 0);
  const peers = Object.fromEntries(rows.map(({ peer }) => [peer, { value: round(seconds(peer)) }]));
  console.log(
    JSON.stringify({
      name: 'clustering',
      ratio,
      ours: { value: round(seconds(OURS)), rows },
      peers,
      unit: 's',
    }),
  );
}
