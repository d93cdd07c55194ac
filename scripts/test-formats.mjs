/**
 * npm run test:formats -- [--full] [--seed N]
 *
 * The reading of files alone: generated files beside what they were made from, hostile headers, and the collections
 * below TEST_DATA_DIR. Needs no services.
 *
 *   --full     10,000 generated files instead of 500
 *   --seed N   the seed of the generated files, as an earlier run has printed it
 */
import './node-version.mjs';
import { runCommand } from './command.mjs';
import { main, stopRequested } from './program.mjs';
import { ensureInstalled } from './setup.mjs';

const FULL_FILES = '10000';

await main(async () => {
  const options = process.argv.slice(2);
  const stop = stopRequested();
  await ensureInstalled();
  const environment = {
    ...(options.includes('--full') ? { FORMAT_FILES: FULL_FILES } : {}),
    ...(options.includes('--seed') ? { FORMAT_SEED: options[options.indexOf('--seed') + 1] ?? '' } : {}),
  };
  const tests = ['vitest', 'run', '--project', 'unit', 'libs/frames/src/ingest', 'libs/frames/src/csv'];
  /** @type {Promise<string>} */
  const failed = new Promise(() => undefined);
  return runCommand(tests, { environment, stop, failed });
});
