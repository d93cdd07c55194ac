import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkout } from '../checkout.mjs';
import { LauncherError, runProgram } from '../services/processes.mjs';
import { isFree } from '../services/ports.mjs';
import { Application } from './application.mjs';

const API_START_SECONDS = 60;
/** One pool of memory for all threads of a worker: wide files need 90 MB less, at the same speed. An api would wait for it. */
const WORKER_ENVIRONMENT = { MALLOC_ARENA_MAX: '1' };
const EVERY_ADDRESS = ['', '0.0.0.0', '::'];

export class PortInUse extends LauncherError {
  /** @param {number} port */
  constructor(port) {
    super(`Port ${port} is in use: set API_PORT to another one.`);
  }
}

/**
 * @typedef {object} Applications
 * @property {string} url               of the api
 * @property {Promise<string>} failed   resolves with the reason where the api ends by itself
 * @property {() => Promise<void>} close
 */

/**
 * Runs one of the built command-line programs to its end.
 * @param {string} program  below dist/apps/api/src/commands
 * @param {string[]} parameters
 * @param {Record<string, string>} environment
 * @returns {Promise<string>} its output
 */
export async function runAppCommand(program, parameters, environment) {
  const file = path.join(checkout, 'dist/apps/api/src/commands', program);
  const { ok, output } = await runProgram(process.execPath, ['--enable-source-maps', file, ...parameters], {
    cwd: checkout,
    env: { ...process.env, ...environment },
  });
  if (!ok) throw new LauncherError(output);
  return output;
}

/** Brings the schema of Postgres up to date. @param {Record<string, string>} environment */
export function migrate(environment) {
  return runAppCommand('migrate.js', [], environment);
}

/**
 * Starts the api and the workers on a migrated schema.
 * @param {{ environment: Record<string, string>, port: number, logDirectory?: string, say: (line: string) => void,
 *   stop: AbortSignal }} options
 * @returns {Promise<Applications>} once the api is ready
 * @throws {PortInUse}
 */
export async function openApplications({ environment, port, logDirectory, say, stop }) {
  const host = process.env.API_HOST ?? '';
  const reachable = EVERY_ADDRESS.includes(host) ? '127.0.0.1' : host;
  const url = `http://${reachable}:${port}`;
  if (!(await isPortFree(port))) throw new PortInUse(port);

  const graceSeconds = Number(process.env.SHUTDOWN_GRACE_SECONDS || 25) + 5;
  const start = (
    /** @type {string} */ name,
    /** @type {string} */ app,
    /** @type {boolean} */ restart,
    /** @type {Record<string, string>} */ more = {},
  ) =>
    new Application({
      name,
      program: `dist/apps/${app}/src/main.js`,
      environment: { ...environment, API_PORT: String(port), ...more },
      logFile: logDirectory === undefined ? undefined : path.join(logDirectory, `${name}.log`),
      restart,
      graceSeconds,
      say,
    });
  const api = start('api', 'api', false);
  const workers = Array.from({ length: workerCount() }, (_, index) =>
    start(`worker-${index + 1}`, 'ingest-worker', true, WORKER_ENVIRONMENT),
  );
  const close = async () => {
    await Promise.all([api, ...workers].map((app) => app.stop()));
  };
  try {
    await apiReady(api, url, stop);
  } catch (error) {
    await close();
    // Somebody was faster.
    throw (await isPortFree(port)) ? error : new PortInUse(port);
  }
  return { url, failed: api.ended, close };
}

/** Whether the api could listen there. @param {number} port */
function isPortFree(port) {
  return isFree(port, process.env.API_HOST || '0.0.0.0');
}

/** @param {Application} api @param {string} url @param {AbortSignal} stop */
async function apiReady(api, url, stop) {
  /** @type {string | undefined} */
  let ended;
  const watch = async () => {
    ended = await api.ended;
  };
  void watch();
  const deadline = Date.now() + API_START_SECONDS * 1000;
  while (!stop.aborted) {
    if (ended !== undefined) {
      const { logFile } = api.options;
      throw new LauncherError(`${ended} while it started${logFile === undefined ? '' : `; see ${logFile}`}`);
    }
    if (Date.now() > deadline) throw new LauncherError(`the api was not ready within ${API_START_SECONDS} s`);
    if (api.ready && (await isHealthy(url))) return;
    await delay(100);
  }
  throw new LauncherError('Stopped while the api started.');
}

/** @param {string} url */
async function isHealthy(url) {
  const response = await fetch(`${url}/health/ready`);
  await response.arrayBuffer();
  return response.ok;
}

function workerCount() {
  const given = process.env.WORKERS || '1';
  if (!/^\d+$/.test(given)) throw new LauncherError(`WORKERS is "${given}", but must be a whole number.`);
  return Number(given);
}
