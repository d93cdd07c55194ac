import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { portsFor, tryListen } from './ports.mjs';
import { stopLeftovers } from './processes.mjs';
import { askRun } from './run-control.mjs';

export const EPHEMERAL_PREFIX = 'datacore-';
const SHARE_SECONDS = 200;

/**
 * What a run leaves on disk for others: where it answers, and what to stop should it be killed.
 * @typedef {object} RunState
 * @property {string} directory
 * @property {number} port
 * @property {string} token
 * @property {{ name: string, pid: number, stopSignal: NodeJS.Signals }[]} processes
 */

const stateFile = (/** @type {string} */ directory) => path.join(directory, 'run.json');

/** @param {string} directory @returns {RunState | undefined} */
export function readState(directory) {
  try {
    return JSON.parse(fs.readFileSync(stateFile(directory), 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {RunState} state */
export function writeState(state) {
  const file = stateFile(state.directory);
  fs.writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

/** @param {string} directory */
export function removeState(directory) {
  fs.rmSync(stateFile(directory), { force: true });
}

/**
 * Makes this process the only owner of a directory's services by listening on a port that follows from its name: unlike
 * a file, that ends with the process.
 * @param {import('node:net').Server} server
 * @param {string} directory
 * @returns {Promise<{ port: number, ours: boolean }>}  `ours: false` where another run owns them, at that port
 */
export async function claimDirectory(server, directory) {
  for (;;) {
    for (const port of portsFor(directory)) {
      const ours = await tryListen(server, port);
      // A run may sit on a later port because a stranger had this one when it began.
      const owner = ours ? readState(directory)?.port : port;
      if (owner !== undefined && owner !== port && (await ownsAt(owner, directory))) {
        server.close();
        return { port: owner, ours: false };
      }
      if (ours) return { port, ours };
      if (await ownsAt(port, directory)) return { port, ours };
    }
    await delay(1000);
  }
}

/** @param {number} port @param {string} directory */
async function ownsAt(port, directory) {
  return (await askRun(port, ''))?.directory === directory;
}

/**
 * Waits for the environment that the owning run has made.
 * @param {number} port
 * @param {string} directory
 * @returns {Promise<{ environment: Record<string, string>, token: string } | undefined>} undefined where it ends first
 */
export async function shareRun(port, directory) {
  const deadline = Date.now() + SHARE_SECONDS * 1000;
  while (Date.now() < deadline) {
    const token = readState(directory)?.token;
    const answer = token === undefined ? undefined : await askRun(port, `${token}/environment`);
    if (answer !== undefined && token !== undefined) return { environment: answer.environment, token };
    // Either it has not written its token yet, or it has failed and is gone.
    if (!(await ownsAt(port, directory))) return undefined;
    await delay(200);
  }
  return undefined;
}

/**
 * Stops the services that a killed run has left in this directory.
 * @param {string} directory  claimed by this process
 * @param {(line: string) => void} say
 */
export async function cleanUpAfterKilledRun(directory, say) {
  const state = readState(directory);
  if (state !== undefined) await stopLeftovers(state.processes, directory, say);
  removeState(directory);
}

/** Ends and removes the ephemeral runs of this user that were killed. @param {(line: string) => void} say */
export async function cleanUpEphemeralRuns(say) {
  const temporary = fs.realpathSync(os.tmpdir());
  for (const entry of fs.readdirSync(temporary)) {
    if (!entry.startsWith(EPHEMERAL_PREFIX)) continue;
    const directory = path.join(temporary, entry, 'services');
    const state = readState(directory);
    if (state === undefined || fs.statSync(directory).uid !== process.getuid?.()) continue;
    if (await ownsAt(state.port, directory)) continue;
    await stopLeftovers(state.processes, directory, say);
    fs.rmSync(path.join(temporary, entry), { recursive: true, force: true });
  }
}
