/**
 * npm run bench -- <name> [--json] [--runs N]
 *
 * Runs test/bench/<name>.mjs against the built apps, with backing services of its own that are gone afterwards. What
 * we are compared with runs in between, on the same machine and the same services. Names: the files of test/bench.
 *
 *   --json     the last line of the output is {name, ratio, ours, peers, unit}; ratio > 1: we are better by that factor
 *   --runs N   measured runs, of which the median counts (3); one more before them warms up and is not counted
 *   TEST_DATA_DIR   directory of the full data sets; without it the bundled slice is used, and the bench says so
 */
import './node-version.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { checkout } from './checkout.mjs';
import { runCommand } from './command.mjs';
import { main, stopRequested } from './program.mjs';
import { openServices } from './services/launcher.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

const directory = path.join(checkout, 'test/bench');

await main(async () => {
  const [name, ...options] = process.argv.slice(2);
  const names = fs
    .readdirSync(directory)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => path.basename(file, '.mjs'));
  if (name === undefined || !names.includes(name)) {
    console.error(`npm run bench -- <name> [--json] [--runs N]; names: ${names.join(', ')}`);
    return 1;
  }
  const stop = stopRequested();
  await ensureInstalled();
  await ensureBuilt();
  const run = await openServices({ ephemeral: true, signal: stop });
  try {
    const bench = [process.execPath, path.join(directory, `${name}.mjs`), ...options];
    return await runCommand(bench, { ...run, stop });
  } finally {
    await run.close(stop);
  }
});
