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
import { isGiven, SERVICES } from './services/owned-run.mjs';
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
  await suitesWithServices(stop, run);
  return printSummary(run.outcomes) && !stop.aborted ? 0 : 1;
});

/**
 * Suites that say nothing about time share the machine, each on services of its own; chaos and browser tests then have
 * it for themselves. Services that are given there is one set of.
 * @param {AbortSignal} stop
 * @param {TestRun} run
 */
async function suitesWithServices(stop, run) {
  const waiting = [
    ['e2e', '1/4'],
    ['e2e', '2/4'],
    ['integration', '1/2'],
    ['e2e', '3/4'],
    ['e2e', '4/4'],
    ['integration', '2/2'],
  ];
  await withServices(stop, run, async (services) => {
    const others = SERVICES.some(isGiven) ? [] : [withServices(stop, run, takeTurns)];
    await Promise.all([takeTurns(services), ...others]);
    await run.suite('chaos', services);
    await run.suite('browser', services);
  });

  /** @param {import('./services/launcher.mjs').Run | undefined} services */
  async function takeTurns(services) {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await run.suite(next[0], services, next[1]);
    }
  }
}

/**
 * Services in a directory of their own, for as long as `work` takes.
 * @param {AbortSignal} stop
 * @param {TestRun} run
 * @param {(services: import('./services/launcher.mjs').Run | undefined) => Promise<void>} work
 */
async function withServices(stop, run, work) {
  if (stop.aborted) return;
  /** @type {import('./services/launcher.mjs').Run | undefined} */
  let services;
  await run.step('services', async () => {
    services = await openServices({ ephemeral: true, signal: stop });
    return 0;
  });
  try {
    await work(services);
  } finally {
    await services?.close(stop);
  }
}
