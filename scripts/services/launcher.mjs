import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isGiven, OwnedRun, SERVICES } from './owned-run.mjs';
import { LauncherError } from './processes.mjs';
import { attendRun } from './run-control.mjs';
import {
  claimDirectory,
  cleanUpAfterKilledRun,
  cleanUpEphemeralRuns,
  EPHEMERAL_PREFIX,
  shareRun,
} from './run-state.mjs';

/**
 * Services that are up.
 * @typedef {object} Run
 * @property {Record<string, string>} environment  URLs of the services and what else their users need
 * @property {Promise<string>} failed  resolves with the reason when a service ends by itself
 * @property {(hurry?: AbortSignal) => Promise<void>} close  waits until no other run uses the services, or until told
 *   to hurry
 *
 * @typedef {object} RunOptions
 * @property {string} [dataDirectory]  default: DATA_DIR, or `.data`
 * @property {boolean} [ephemeral]     temporary data on free ports, gone afterwards
 * @property {(line: string) => void} [say]
 * @property {AbortSignal} [signal]    gives up starting
 */

/**
 * Brings up every backing service that the environment does not name, or joins the run that has already done so for
 * this data directory.
 * @param {RunOptions} [options]
 * @returns {Promise<Run>}
 * @throws {import('./processes.mjs').LauncherError} where one cannot be provided; the others are down again by then
 */
export async function openServices(options = {}) {
  const say = options.say ?? ((line) => console.error(`[services] ${line}`));
  const signal = options.signal ?? new AbortController().signal;
  if (options.ephemeral) {
    await cleanUpEphemeralRuns(say);
    const dataDirectory = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), EPHEMERAL_PREFIX));
    const run = new OwnedRun({ dataDirectory, ephemeral: true, say, signal });
    await run.open(await run.listen());
    return run;
  }

  const dataDirectory = path.resolve(options.dataDirectory ?? (process.env.DATA_DIR || '.data'));
  fs.mkdirSync(dataDirectory, { recursive: true });
  for (;;) {
    const run = new OwnedRun({
      dataDirectory: fs.realpathSync(dataDirectory),
      ephemeral: false,
      say,
      signal,
    });
    const { port, ours } = await claimDirectory(run.server, run.directory);
    if (ours) {
      await cleanUpAfterKilledRun(run.directory, say);
      await run.open(port);
      return run;
    }
    const shared = await joinRun(port, run.directory, say);
    if (shared !== undefined) return shared;
  }
}

/**
 * @param {number} port
 * @param {string} directory
 * @param {(line: string) => void} say
 * @returns {Promise<Run | undefined>} undefined where that run ended before its services were up
 */
async function joinRun(port, directory, say) {
  say('using the services of another run in this data directory');
  const shared = await shareRun(port, directory);
  if (shared === undefined) return undefined;
  const environment = { ...shared.environment };
  for (const service of SERVICES) {
    if (isGiven(service)) delete environment[service.variable];
    else if (environment[service.variable] === undefined && !service.optional) {
      throw new LauncherError(
        `The other run in this data directory takes ${service.title} from its environment: set ${service.variable} here too.`,
      );
    }
  }
  const { ended, leave } = attendRun(port, shared.token);
  return { environment, failed: ended, close: async () => leave() };
}
