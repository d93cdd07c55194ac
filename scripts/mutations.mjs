/**
 * npm run test:mutations [-- name…]
 *
 * Proves that the tests can fail: takes away one safeguard at a time, in a copy of the built program, and runs the tests
 * that must notice. A mutation that is not noticed, and a patch that fits nothing any more, fail the run.
 */
import './node-version.mjs';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkout } from './checkout.mjs';
import { main, stopRequested } from './program.mjs';
import { LauncherError, runProgram } from './services/processes.mjs';
import { openServices } from './services/launcher.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';
import { MUTATIONS } from './tests/mutations.mjs';

const COPIED = [
  'apps',
  'libs',
  'test',
  'scripts',
  'dist',
  'vitest.config.ts',
  'tsconfig.json',
  'package.json',
];

await main(async () => {
  const names = process.argv.slice(2);
  const stop = stopRequested();
  await ensureInstalled();
  await ensureBuilt();
  const services = await openServices({ ephemeral: true, signal: stop });
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'datacore-mutations-'));
  try {
    for (const entry of COPIED)
      fs.cpSync(path.join(checkout, entry), path.join(copy, entry), { recursive: true });
    fs.symlinkSync(path.join(checkout, 'node_modules'), path.join(copy, 'node_modules'));
    const chosen = MUTATIONS.filter(({ name }) => names.length === 0 || names.includes(name));
    const missed = [];
    for (const mutation of chosen) {
      if (stop.aborted) return 1;
      const caught = await isCaught(copy, mutation, { ...process.env, ...services.environment });
      console.log(
        `${caught ? '✓ caught' : '✗ MISSED'}  ${mutation.name.padEnd(14)} by ${mutation.spec} ${mutation.test}`,
      );
      if (!caught) missed.push(mutation.name);
    }
    console.log(`\n${chosen.length - missed.length} of ${chosen.length} caught`);
    return missed.length === 0 ? 0 : 1;
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
    await services.close(stop);
  }
});

/**
 * @param {string} copy
 * @param {import('./tests/mutations.mjs').Mutation} mutation
 * @param {NodeJS.ProcessEnv} environment
 */
async function isCaught(copy, { name, file, replace, by, project, spec, test }, environment) {
  const target = path.join(copy, 'dist', file);
  const original = fs.readFileSync(target, 'utf8');
  if (!original.includes(replace)) throw new LauncherError(`The mutation ${name} fits ${file} no longer.`);
  fs.writeFileSync(target, original.replace(replace, by));
  try {
    const results = path.join(copy, 'results.json');
    fs.rmSync(results, { force: true });
    const report = ['--reporter=json', `--outputFile=${results}`];
    await runProgram('npx', ['vitest', 'run', '--project', project, spec, '-t', test, ...report], {
      cwd: copy,
      env: environment,
      maxBuffer: 2 ** 26,
    });
    // A run that ends without a test that failed has noticed nothing.
    return fs.existsSync(results) && JSON.parse(fs.readFileSync(results, 'utf8')).numFailedTests > 0;
  } finally {
    fs.writeFileSync(target, original);
  }
}
