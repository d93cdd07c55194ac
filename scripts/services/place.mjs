import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { freePort, isFree } from './ports.mjs';

/**
 * What a service is given to live in.
 * @typedef {object} Place
 * @property {string} directory     its own, made already
 * @property {string} logDirectory
 * @property {boolean} ephemeral    the data is thrown away with the run: durability may be traded for speed
 * @property {string} password      for whatever login the service knows; random, kept with the data
 * @property {(purpose: string) => Promise<number>} port  the same port as last time where it is free
 * @property {(line: string) => void} say
 *
 * A service that is prepared: its data is there and its address is settled. It can be launched any number of times.
 * @typedef {object} PreparedService
 * @property {string} url
 * @property {(spawn: Spawn) => Promise<void>} launch  returns when the service answers
 *
 * @typedef {Pick<import('./processes.mjs').DaemonOptions, 'name' | 'command' | 'arguments' | 'directory' | 'environment' | 'stopSignal'>} SpawnOptions
 * @typedef {(options: SpawnOptions, isReady: (daemon: import('./processes.mjs').Daemon) => boolean | Promise<boolean>) => Promise<void>} Spawn
 *
 * @typedef {object} Service
 * @property {string} name        also its name in docker-compose.yml
 * @property {string} title
 * @property {string} variable    the URL in the environment
 * @property {string} hostVariable  the host in the environment, the original deployment's way to name the service
 * @property {boolean} optional   the apps run without it
 * @property {(place: Place) => Promise<PreparedService>} prepare
 */

/**
 * @param {string} base  directory of the run's services
 * @param {string} name
 * @param {{ ephemeral: boolean, say: (line: string) => void }} options
 * @returns {Place}
 */
export function makePlace(base, name, { ephemeral, say }) {
  const directory = path.join(base, name);
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  return {
    directory,
    logDirectory: path.join(base, 'logs'),
    ephemeral,
    password: rememberedText(path.join(base, `${name}.password`), () => randomBytes(18).toString('hex')),
    port: (purpose) => rememberedPort(path.join(base, `${name}.${purpose}.port`)),
    say,
  };
}

/** @param {string} file @param {() => string} make */
export function rememberedText(file, make) {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const text = make();
    fs.writeFileSync(file, `${text}\n`, { mode: 0o600 });
    return text;
  }
}

/** @param {string} file */
async function rememberedPort(file) {
  const known = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
  if (known > 0 && (await isFree(known))) return known;
  const port = await freePort();
  fs.writeFileSync(file, `${port}\n`);
  return port;
}
