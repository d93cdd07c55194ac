/**
 * npm test
 *
 * Everything there is to check, from a fresh clone: build, lint, format, types, unit tests, then integration,
 * end-to-end, chaos and browser tests on services of their own (the last are skipped where there is no Chromium). No
 * failure keeps the rest from running. The last line is the sum, "N passed, N failed"; a step that is no test suite
 * counts as one test. What was skipped is said before.
 * TEST_DATA_DIR names the full data sets; without it the tests use the bundled sample.
 */
import './node-version.mjs';
import { main, stopRequested } from './program.mjs';
import { openServices } from './services/launcher.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';
import { printSummary } from './tests/summary.mjs';
import { TestRun } from './tests/test-run.mjs';

await main(async () => {
  const stop = stopRequested();
  await ensureInstalled();
  const run = new TestRun(stop);
  await run.step('build', async () => {
    await ensureBuilt();
    return 0;
  });
  await run.command('lint', ['oxlint', '--type-aware', '--deny-warnings']);
  await run.command('format', ['prettier', '--check', '--log-level=warn', '.']);
  await run.command('types', ['tsc', '--noEmit']);
  await run.command('types of the dashboard', ['tsc', '--noEmit', '-p', 'apps/dashboard']);
  await run.suite('unit');
  await withServices(stop, run);
  return printSummary(run.outcomes) && !stop.aborted ? 0 : 1;
});

/**
 * One set of services, in a directory of their own, for both suites that need them.
 * @param {AbortSignal} stop
 * @param {TestRun} run
 */
async function withServices(stop, run) {
  if (stop.aborted) return;
  /** @type {import('./services/launcher.mjs').Run | undefined} */
  let services;
  await run.step('services', async () => {
    services = await openServices({ ephemeral: true, signal: stop });
    return 0;
  });
  try {
    await run.suite('integration', services);
    await run.suite('e2e', services);
    await run.suite('chaos', services);
    await run.suite('browser', services);
  } finally {
    await services?.close(stop);
  }
}
