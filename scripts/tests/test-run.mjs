import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommand } from '../command.mjs';
import { LauncherError } from '../services/processes.mjs';

/**
 * How one step went.
 * @typedef {object} Outcome
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} failures  names of the tests that failed
 * @property {number} seconds
 */

const NEVER = new Promise(() => {});

/** The steps of a test run, one after the other, none of which keeps the next from running. */
export class TestRun {
  /** @type {Outcome[]} */
  outcomes = [];

  /** @param {AbortSignal} stop */
  constructor(stop) {
    this.stop = stop;
  }

  /** A step that is one test. @param {string} name @param {() => Promise<number>} work  gives an exit code */
  async step(name, work) {
    await this.#record(name, async () => single((await work()) === 0));
  }

  /** @param {string} name @param {string[]} command */
  async command(name, command) {
    await this.step(name, () => runCommand(command, { environment: {}, stop: this.stop, failed: NEVER }));
  }

  /**
   * A project of vitest.config.ts, or a part of its files.
   * @param {string} name
   * @param {import('../services/launcher.mjs').Run} [services]
   * @param {string} [part]  as "1/2"
   */
  async suite(name, services, part) {
    await this.#record(part === undefined ? name : `${name} ${part}`, async () => {
      const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'datacore-results-'));
      const results = path.join(directory, 'results.json');
      try {
        const code = await runCommand(
          [
            'vitest',
            'run',
            '--project',
            name,
            ...(part === undefined ? [] : [`--shard=${part}`]),
            '--reporter=default',
            '--reporter=json',
            `--outputFile.json=${results}`,
          ],
          { environment: services?.environment ?? {}, stop: this.stop, failed: services?.failed ?? NEVER },
        );
        return readResults(results, code);
      } finally {
        fs.rmSync(directory, { recursive: true, force: true });
      }
    });
  }

  /** @param {string} name @param {() => Promise<Pick<Outcome, 'passed' | 'failed' | 'skipped' | 'failures'>>} work */
  async #record(name, work) {
    if (this.stop.aborted) return;
    console.log(`\n── ${name} ${'─'.repeat(Math.max(3, 70 - name.length))}`);
    const began = Date.now();
    /** @type {Pick<Outcome, 'passed' | 'failed' | 'skipped' | 'failures'>} */
    let result;
    try {
      result = await work();
    } catch (error) {
      console.error(error instanceof LauncherError ? error.message : error);
      result = single(false);
    }
    this.outcomes.push({ name, ...result, seconds: (Date.now() - began) / 1000 });
  }
}

/** @param {boolean} ok */
function single(ok) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, failures: [] };
}

/** @param {string} file @param {number} exitCode */
function readResults(file, exitCode) {
  if (!fs.existsSync(file)) return single(false);
  const results = JSON.parse(fs.readFileSync(file, 'utf8'));
  /** @type {{ name: string, status: string, message: string, assertionResults: { fullName: string, status: string }[] }[]} */
  const files = results.testResults;
  const failures = files.flatMap(({ name, status, assertionResults }) => {
    const place = path.relative(process.cwd(), name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    // A file that cannot be loaded, or whose set-up fails, has no failed test of its own.
    if (status === 'failed' && failed.length === 0) return [place];
    return failed.map((test) => `${place} › ${test.fullName}`);
  });
  if (exitCode !== 0 && failures.length === 0) failures.push(`vitest ended with exit code ${exitCode}`);
  return {
    passed: results.numPassedTests,
    failed: failures.length,
    skipped: results.numPendingTests + results.numTodoTests,
    failures,
  };
}
