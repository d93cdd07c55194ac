import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MILLISECONDS = 40;
const STOP_SECONDS = 30;
// MongoDB's engine may need this long to recover after a crash.
const START_SECONDS = 180;

/** A failure that one sentence explains to whoever started the run. */
export class LauncherError extends Error {
  name = 'LauncherError';
}

/**
 * @typedef {object} DaemonOptions
 * @property {string} name
 * @property {string} command
 * @property {string[]} arguments
 * @property {string} directory      where it runs; below the run's own directory, which is how leftovers are told
 * @property {string} logFile
 * @property {NodeJS.ProcessEnv} [environment]  added to our own
 * @property {NodeJS.Signals} [stopSignal]
 */

/** A process in a session of its own, so that Ctrl-C in the terminal does not reach it. */
export class Daemon {
  /** @param {DaemonOptions} options */
  constructor(options) {
    this.name = options.name;
    this.logFile = options.logFile;
    this.stopSignal = options.stopSignal ?? 'SIGTERM';
    /** Set once it has ended, for whatever reason. @type {string | undefined} */
    this.ended = undefined;
    const log = openLog(options.logFile);
    this.child = spawn(options.command, options.arguments, {
      cwd: options.directory,
      env: { ...process.env, ...options.environment },
      detached: true,
      stdio: ['ignore', log, log],
    });
    fs.closeSync(log);
    /** @type {Promise<void>} */
    this.exited = new Promise((resolve) => {
      const end = (/** @type {string} */ reason) => {
        this.ended ??= reason;
        resolve();
      };
      this.child.once('error', (error) => end(error.message));
      this.child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
  }

  get pid() {
    return this.child.pid;
  }

  /** Whether its output of this start holds the text. @param {string} text */
  said(text) {
    return fs.readFileSync(this.logFile, 'utf8').includes(text);
  }

  /**
   * Waits until the check holds. A port that answers would not do: it may be someone else's.
   * @param {() => boolean | Promise<boolean>} check
   * @param {AbortSignal} [signal]
   */
  async ready(check, signal) {
    const deadline = Date.now() + START_SECONDS * 1000;
    while (Date.now() < deadline) {
      if (signal?.aborted) throw new LauncherError(`${this.name} was stopped while it started.`);
      if (this.ended !== undefined) {
        throw new LauncherError(`${this.name} did not start (${this.ended}); see ${this.logFile}`);
      }
      if (await check()) return;
      await delay(POLL_MILLISECONDS);
    }
    throw new LauncherError(`${this.name} was not ready within ${START_SECONDS} s; see ${this.logFile}`);
  }

  async stop() {
    if (this.ended !== undefined) return;
    this.child.kill(this.stopSignal);
    const timer = setTimeout(() => this.#killGroup(), STOP_SECONDS * 1000);
    await this.exited;
    clearTimeout(timer);
  }

  /** Ends it the hard way, with whatever it has started. */
  async kill() {
    this.#killGroup();
    await this.exited;
  }

  #killGroup() {
    if (this.pid !== undefined) signalProcess(-this.pid, 'SIGKILL');
  }
}

/** Keeps the log of the start before as `.previous`. @param {string} file */
function openLog(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (fs.existsSync(file)) fs.renameSync(file, `${file}.previous`);
  return fs.openSync(file, 'a');
}

/**
 * @param {number} pid negative for a process group
 * @param {string | number} signal
 * @returns {boolean} whether there was such a process
 */
function signalProcess(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {string[]} parameters
 * @param {import('node:child_process').ExecFileOptions} [options]
 * @returns {Promise<{ ok: boolean, output: string }>} what it has printed, or why it failed
 */
export function runProgram(command, parameters, options = {}) {
  return new Promise((resolve) => {
    execFile(command, parameters, { ...options, encoding: 'utf8' }, (error, stdout, stderr) => {
      const output = error === null ? stdout : stderr.trim() || stdout.trim() || error.message;
      resolve({ ok: error === null, output: output.trim() });
    });
  });
}

/**
 * Stops what an earlier run has left behind.
 * @param {{ name: string, pid: number, stopSignal: NodeJS.Signals }[]} processes in the order of their start
 * @param {string} directory  only processes that run below it are ours; a pid alone may be somebody else's by now
 * @param {(line: string) => void} say
 */
export async function stopLeftovers(processes, directory, say) {
  for (const { name, pid, stopSignal } of processes.toReversed()) {
    if (!(await isOurs(pid, directory))) continue;
    say(`stopping ${name} (process ${pid}), left by a run that was killed`);
    // Where only the leader's children are left, nobody would pass the signal on: it goes to the group.
    if (!signalProcess(pid, stopSignal)) signalProcess(-pid, 'SIGKILL');
    const deadline = Date.now() + STOP_SECONDS * 1000;
    while (await isOurs(pid, directory)) {
      if (Date.now() > deadline) signalProcess(-pid, 'SIGKILL');
      await delay(POLL_MILLISECONDS);
    }
  }
}

/** @param {number} group @param {string} directory */
async function isOurs(group, directory) {
  if (!signalProcess(-group, 0)) return false;
  const members = process.platform === 'linux' ? linuxGroupMembers(group) : [group];
  for (const pid of members) {
    const place = await workingDirectory(pid);
    if (place === directory || place?.startsWith(directory + path.sep)) return true;
  }
  return false;
}

/** @param {number} group @returns {number[]} its processes, but those that have ended and wait to be reaped */
function linuxGroupMembers(group) {
  return fs
    .readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid)) return false;
      try {
        const status = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, , processGroup] = status.slice(status.lastIndexOf(')') + 2).split(' ');
        return Number(processGroup) === group && state !== 'Z';
      } catch {
        return false;
      }
    });
}

/** @param {number} pid @returns {Promise<string | undefined>} */
async function workingDirectory(pid) {
  if (process.platform === 'linux') {
    try {
      return fs.readlinkSync(`/proc/${pid}/cwd`);
    } catch {
      return undefined;
    }
  }
  const { output } = await runProgram('lsof', ['-a', '-p', String(pid), '-d', 'cwd', '-Fn']);
  return output
    .split('\n')
    .find((line) => line.startsWith('n'))
    ?.slice(1);
}
