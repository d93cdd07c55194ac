/**
 * npm run demo                                                the bundled sample
 * npm run demo -- --file sales.csv [--once] [--json]          any other file, also .csv.gz
 *
 * Goes the whole way: services, schema, an administrator with a random password, a customer and a store, then upload,
 * ingest and report through the api as any client would. In a terminal it stays up until Ctrl-C for a look around;
 * elsewhere, and with --once, it ends. --json: the report's figures as the last line of the standard output, everything
 * else goes to the standard error.
 */
import './node-version.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import { applicationEnvironment, loadEnvironmentFile } from './applications/environment.mjs';
import { migrate, openApplications, PortInUse } from './applications/applications.mjs';
import { whereItIs } from './applications/where-it-is.mjs';
import { checkout } from './checkout.mjs';
import { ApiClient } from './demo/api-client.mjs';
import { openDemoAccount } from './demo/demo-account.mjs';
import { followIngest, makeReport, uploadFile } from './demo/journey.mjs';
import { segmentTable } from './demo/segment-table.mjs';
import { aborted, main, stopRequested } from './program.mjs';
import { openServices } from './services/launcher.mjs';
import { freePort } from './services/ports.mjs';
import { LauncherError } from './services/processes.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

const SAMPLE = path.join(checkout, 'test/fixtures/online-retail-sample/online-retail-sample.csv.gz');
const SAMPLE_SOURCE =
  'The sample is a slice of "Online Retail" by D. Chen (2015), UCI Machine Learning Repository,\n' +
  '  https://doi.org/10.24432/C5BW33, licensed CC BY 4.0.';
const USUAL_PORT = 8000;

await main(async () => {
  const { values: options } = parseArgs({
    options: { file: { type: 'string' }, once: { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const source = options.file ?? SAMPLE;
  if (!fs.existsSync(source)) throw new LauncherError(`There is no file ${source}.`);
  const output = options.json ? process.stderr : process.stdout;
  const say = (/** @type {string} */ line) => output.write(`${line}\n`);
  const stays = output.isTTY && !options.once;
  loadEnvironmentFile();
  const stop = stopRequested();

  await ensureInstalled();
  await ensureBuilt();
  say('\nStarting DataCore\n');
  try {
    const figures = await withApplications(say, stop, async (url, environment) => {
      const api = new ApiClient(url, stop);
      const account = await openDemoAccount(api, environment);
      say(`\n  logged in as ${account.email}, password ${account.password}\n`);
      const file = await plainFile(source, environment.DATA_DIR);
      const outcome = await showTheWay({ api, output }, account, file);
      say(`\n${segmentTable(outcome.report)}\n`);
      if (options.file === undefined) say(`  ${SAMPLE_SOURCE}\n`);
      say(await whereItIs(url));
      if (stays) {
        say('\n  It stays up until Ctrl-C.');
        await aborted(stop);
      }
      say('');
      return summary(outcome);
    });
    if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
    return 0;
  } catch (error) {
    if (!stop.aborted) throw error;
    return 130;
  }
});

/**
 * @template Result
 * @param {(line: string) => void} say
 * @param {AbortSignal} stop
 * @param {(url: string, environment: Record<string, string>) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function withApplications(say, stop, work) {
  const services = await openServices({ say: (line) => say(`  ${line}`), signal: stop });
  try {
    const environment = applicationEnvironment(services);
    await migrate(environment);
    const logDirectory = path.join(environment.DATA_DIR, 'logs');
    const apps = await onSomePort((port) => openApplications({ environment, port, logDirectory, say, stop }));
    say('  api and workers are ready');
    try {
      const failure = async () => {
        throw new LauncherError(await Promise.race([services.failed, apps.failed]));
      };
      return await Promise.race([work(apps.url, environment), failure()]);
    } finally {
      await apps.close();
    }
  } finally {
    await services.close(stop);
  }
}

/**
 * On the port that was asked for, else on the usual one, or on another where that is taken.
 * @template Result
 * @param {(port: number) => Promise<Result>} open
 * @returns {Promise<Result>}
 */
async function onSomePort(open) {
  if (process.env.API_PORT) return open(Number(process.env.API_PORT));
  try {
    return await open(USUAL_PORT);
  } catch (error) {
    if (!(error instanceof PortInUse)) throw error;
    return open(await freePort());
  }
}

/**
 * @param {string} source
 * @param {string} dataDirectory
 * @returns {Promise<string>} the file itself, or its unpacked copy
 */
async function plainFile(source, dataDirectory) {
  if (!source.endsWith('.gz')) return source;
  const directory = path.join(dataDirectory, 'demo');
  fs.mkdirSync(directory, { recursive: true });
  const file = path.join(directory, path.basename(source, '.gz'));
  await pipeline(fs.createReadStream(source), createGunzip(), fs.createWriteStream(file));
  return file;
}

/**
 * @param {import('./demo/journey.mjs').Stage} stage
 * @param {import('./demo/demo-account.mjs').DemoAccount} account
 * @param {string} file
 */
async function showTheWay(stage, account, file) {
  const sent = await uploadFile(stage, account, file);
  const ingested = await followIngest(stage, sent.upload);
  const made = await makeReport(stage, account, ingested.upload.datasetId);
  const seconds = { upload: sent.seconds, ingest: ingested.seconds, report: made.seconds };
  return { upload: ingested.upload, report: made.report, seconds };
}

/** @param {Awaited<ReturnType<typeof showTheWay>>} outcome */
function summary({ upload, report, seconds }) {
  return {
    rows: upload.rowCount,
    rejected: upload.rejectedCount,
    shoppers: report.data.shoppers,
    k: report.k,
    silhouette: report.quality.silhouette,
    segments: report.segments.map((/** @type {any} */ segment) => ({
      label: segment.label,
      size: segment.size,
      share: segment.share,
      revenueShare: segment.revenueShare,
      centroid: segment.centroid,
      summary: segment.summary,
    })),
    seconds,
  };
}
