import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommand } from '../command.mjs';
import { LauncherError } from '../services/processes.mjs';

/**
 * What a step or a suite gave.
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} failures  names of the tests that failed
 * @property {string[]} files  where they are
 */

/**
 * How one step went.
 * @typedef {Result & { name: string, project?: string, unsteady: string[], seconds: number }} Outcome
 *   `unsteady`: tests that failed beside others and passed alone
 */

const NEVER = new Promise(() => {});
/** Files of a suite that are run again; where more fail it is not the machine. */
const MOST_AGAIN = 3;

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
   * @param {string} project
   * @param {import('../services/launcher.mjs').Run} [services]
   * @param {string} [part]  as "1/2"
   */
  async suite(project, services, part) {
    const name = part === undefined ? project : `${project} ${part}`;
    await this.#record(
      name,
      () => this.#vitest(project, part === undefined ? [] : [`--shard=${part}`], services),
      project,
    );
  }

  /**
   * Runs the few files in which a test failed once more, with nothing beside them: services that share two cores with
   * others make tests late. What fails again has failed; what passes is named in the summary.
   * @param {import('../services/launcher.mjs').Run} [services]
   */
  async failedOnceMore(services) {
    for (const outcome of this.outcomes) {
      const { project, files } = outcome;
      if (this.stop.aborted || project === undefined || files.length === 0 || files.length > MOST_AGAIN)
        continue;
      heading(`${outcome.name}, once more`);
      const again = await this.#vitest(project, files, services);
      if (again.failed > 0) continue;
      outcome.unsteady = outcome.failures;
      outcome.failures = [];
      outcome.passed += outcome.failed;
      outcome.failed = 0;
    }
  }

  /**
   * @param {string} project @param {string[]} options @param {import('../services/launcher.mjs').Run} [services]
   * @returns {Promise<Result>}
   */
  async #vitest(project, options, services) {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'datacore-results-'));
    const results = path.join(directory, 'results.json');
    try {
      const code = await runCommand(
        [
          'vitest',
          'run',
          '--project',
          project,
          ...options,
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
  }

  /** @param {string} name @param {() => Promise<Result>} work @param {string} [project] */
  async #record(name, work, project) {
    if (this.stop.aborted) return;
    heading(name);
    const began = Date.now();
    /** @type {Result} */
    let result;
    try {
      result = await work();
    } catch (error) {
      console.error(error instanceof LauncherError ? error.message : error);
      result = single(false);
    }
    this.outcomes.push({ name, project, ...result, unsteady: [], seconds: (Date.now() - began) / 1000 });
  }
}

/** @param {string} name */
function heading(name) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(3, 70 - name.length))}`);
}

/** @param {boolean} ok @returns {Result} */
function single(ok) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, failures: [], files: [] };
}

/** @param {string} file @param {number} exitCode @returns {Result} */
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
    files: files
      .filter(({ status }) => status === 'failed')
      .map(({ name }) => path.relative(process.cwd(), name)),
  };
}
