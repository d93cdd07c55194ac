/**
 * npm run test:formats -- [--full] [--seed N]
 *
 * The reading of files alone: generated files beside what they were made from, hostile headers, and the collections
 * below TEST_DATA_DIR. Needs no services, unless --full is given.
 *
 *   --full     10,000 generated files instead of 500, and 1,000 sets of hostile headers over HTTP too
 *   --seed N   the seed of the generated files, as an earlier run has printed it
 */
import './node-version.mjs';
import { runCommand } from './command.mjs';
import { main, stopRequested } from './program.mjs';
import { openServices } from './services/launcher.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

const FULL = { FORMAT_FILES: '10000', HEADER_SETS: '1000' };

await main(async () => {
  const options = process.argv.slice(2);
  const stop = stopRequested();
  await ensureInstalled();
  const full = options.includes('--full');
  const environment = {
    ...(full ? FULL : {}),
    ...(options.includes('--seed') ? { FORMAT_SEED: options[options.indexOf('--seed') + 1] ?? '' } : {}),
  };
  const tests = ['vitest', 'run', '--project', 'unit', 'libs/frames/src/ingest', 'libs/frames/src/csv'];
  /** @type {Promise<string>} */
  const failed = new Promise(() => undefined);
  const code = await runCommand(tests, { environment, stop, failed });
  return full && !stop.aborted ? Math.max(code, await overHttp(stop, environment)) : code;
});

/** @param {AbortSignal} stop @param {Record<string, string>} environment @returns {Promise<number>} */
async function overHttp(stop, environment) {
  await ensureBuilt();
  const run = await openServices({ ephemeral: true, signal: stop });
  try {
    const tests = ['vitest', 'run', '--project', 'e2e', 'test/e2e/hostile-headers.spec.ts'];
    return await runCommand(tests, {
      ...run,
      environment: { ...run.environment, ...environment },
      stop,
    });
  } finally {
    await run.close(stop);
  }
}
