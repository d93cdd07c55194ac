import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkout } from '../checkout.mjs';

const endWithParent = path.join(checkout, 'scripts/applications/end-with-parent.mjs');
const FIRST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 15_000;
// An app that has run this long did not fail at start: the next failure is a first one again.
const STEADY_MILLISECONDS = 60_000;

/**
 * @typedef {object} ApplicationOptions
 * @property {string} name
 * @property {string} program       below the checkout
 * @property {Record<string, string>} environment
 * @property {string} [logFile]     default: our own output
 * @property {boolean} restart      starts it again when it ends by itself
 * @property {number} graceSeconds  how long it may take to end once it is asked to
 * @property {(line: string) => void} say
 */

/** One app as a process that ends when we tell it to; Ctrl-C does not reach it directly. */
export class Application {
  /** Ends the process that runs now. @type {(signal: 'SIGTERM' | 'SIGKILL') => void} */
  #signal = () => {};
  #stop = new AbortController();
  /** It has said that it is ready, by the message "ready". */
  ready = false;

  /** @param {ApplicationOptions} options */
  constructor(options) {
    this.options = options;
    /** Resolves with the reason once it has ended for good. @type {Promise<string>} */
    this.ended = this.#keepRunning();
  }

  async stop() {
    this.#stop.abort();
    this.#signal('SIGTERM');
    const timer = setTimeout(() => this.#signal('SIGKILL'), this.options.graceSeconds * 1000);
    await this.ended;
    clearTimeout(timer);
  }

  async #keepRunning() {
    const { name, restart } = this.options;
    let pause = FIRST_PAUSE_MILLISECONDS;
    for (;;) {
      const began = Date.now();
      const reason = await this.#runOnce();
      if (this.#stop.signal.aborted || !restart) return `${name} has ended (${reason})`;
      if (Date.now() - began > STEADY_MILLISECONDS) pause = FIRST_PAUSE_MILLISECONDS;
      this.#note(`${name} has ended (${reason}) and is started again in ${pause / 1000} s`);
      try {
        await delay(pause, undefined, { signal: this.#stop.signal });
      } catch {
        return `${name} has ended (${reason})`;
      }
      pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS);
    }
  }

  /** @returns {Promise<string>} how it ended */
  #runOnce() {
    const { program, environment, logFile } = this.options;
    const log = logFile === undefined ? undefined : openLog(logFile);
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', `--import=${endWithParent}`, path.join(checkout, program)],
      {
        cwd: checkout,
        env: { ...process.env, ...environment },
        detached: true,
        stdio: ['ignore', log ?? 'inherit', log ?? 'inherit', 'ipc'],
      },
    );
    if (log !== undefined) fs.closeSync(log);
    this.#signal = (signal) => child.kill(signal);
    child.once('message', () => (this.ready = true));
    return new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
  }

  /** @param {string} line */
  #note(line) {
    const { logFile, say } = this.options;
    say(line);
    if (logFile !== undefined) fs.appendFileSync(logFile, `${line}\n`);
  }
}

/** @param {string} file */
function openLog(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return fs.openSync(file, 'a');
}
