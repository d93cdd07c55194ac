import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ManagedService } from './managed-service.mjs';
import { mongodb } from './mongodb.mjs';
import { makePlace } from './place.mjs';
import { freePort, tryListen } from './ports.mjs';
import { postgres } from './postgres.mjs';
import { LauncherError } from './processes.mjs';
import { rabbitmq } from './rabbitmq.mjs';
import { createControlServer } from './run-control.mjs';
import { removeState, writeState } from './run-state.mjs';
import { redis } from './redis.mjs';

/** They start together and stop in the reverse of this order. */
export const SERVICES = [postgres, mongodb, rabbitmq, redis];

/** The services of one data directory, provided by this process. Its face is {@link import('./launcher.mjs').Run}. */
export class OwnedRun {
  #token = randomBytes(18).toString('hex');
  /** @type {ManagedService[]} */
  #services = [];
  #port = 0;
  /** @type {(environment: Record<string, string>) => void} */
  #announce = () => {};
  /** @type {(reason: string) => void} */
  #fail = () => {};
  /** @type {Promise<void> | undefined} */
  #closed;
  /** @type {Record<string, string>} */
  environment = {};

  /** @param {{ dataDirectory: string, ephemeral: boolean, say: (line: string) => void, signal: AbortSignal }} options */
  constructor(options) {
    this.options = options;
    this.directory = path.join(options.dataDirectory, 'services');
    /** @type {Promise<string>} */
    this.failed = new Promise((resolve) => (this.#fail = resolve));
    /** @type {Promise<Record<string, string>>} */
    const ready = new Promise((resolve) => (this.#announce = resolve));
    const { server, attendants } = createControlServer({
      directory: this.directory,
      token: this.#token,
      environment: () => ready,
      services: () => this.#services,
    });
    this.server = server;
    this.attendants = attendants;
  }

  /** @returns {Promise<number>} the free port it listens on */
  async listen() {
    for (;;) {
      const port = await freePort();
      if (await tryListen(this.server, port)) return port;
    }
  }

  /**
   * Starts what is not given, all at once.
   * @param {number} port  where the run's control listens
   */
  async open(port) {
    const { dataDirectory, ephemeral, say, signal } = this.options;
    const began = Date.now();
    this.#port = port;
    fs.mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    this.#services = SERVICES.filter((service) => !isGiven(service)).map(
      (service) =>
        new ManagedService(service, makePlace(this.directory, service.name, { ephemeral, say }), {
          changed: () => this.#save(),
          failed: this.#fail,
          signal,
        }),
    );
    this.#save();
    for (const service of SERVICES.filter(isGiven)) say(`${service.title}: given by the environment`);

    // Only once nothing is still starting may the stop begin.
    const outcomes = await Promise.allSettled(this.#services.map((service) => this.#start(service)));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined || signal.aborted) {
      await this.close(AbortSignal.abort());
      throw failure?.reason ?? new LauncherError('Stopped while the services started.');
    }
    this.environment = {
      DATA_DIR: dataDirectory,
      // DuckDB's queries occupy native threads that files and password hashes need too.
      UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE || '16',
      // Each of those threads would keep memory of its own that it has freed.
      MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX || '2',
      SERVICES_CONTROL_URL: `http://127.0.0.1:${port}/${this.#token}`,
      ...Object.fromEntries(
        this.#services.flatMap(({ service, running, prepared }) =>
          running && prepared !== undefined ? [[service.variable, prepared.url]] : [],
        ),
      ),
    };
    this.#announce(this.environment);
    say(`all services are ready after ${seconds(began)}`);
  }

  /** @param {ManagedService} managed */
  async #start(managed) {
    const began = Date.now();
    const { service } = managed;
    try {
      await managed.start();
      this.options.say(`${service.title} is ready after ${seconds(began)}`);
    } catch (error) {
      if (!service.optional || this.options.signal.aborted) throw error;
      await managed.kill();
      const reason = error instanceof Error ? error.message : String(error);
      this.options.say(`${reason} Going on without it.`);
    }
  }

  #save() {
    if (this.#closed !== undefined) return;
    writeState({
      directory: this.directory,
      port: this.#port,
      token: this.#token,
      processes: this.#services.flatMap((service) => service.processes),
    });
  }

  /**
   * Stops the services, the last one first.
   * @param {AbortSignal} [hurry]  does not wait for other runs that use them
   */
  close(hurry) {
    this.#closed ??= this.#stopAll(hurry);
    return this.#closed;
  }

  /** @param {AbortSignal} [hurry] */
  async #stopAll(hurry) {
    const { dataDirectory, ephemeral, say } = this.options;
    const mustWait = () => this.attendants.size > 0 && hurry?.aborted !== true;
    if (mustWait()) say('another run uses these services; they stay until it ends, or until Ctrl-C');
    while (mustWait()) await delay(100);
    const began = Date.now();
    for (const service of this.#services.toReversed()) await service.stop();
    if (ephemeral) fs.rmSync(dataDirectory, { recursive: true, force: true, maxRetries: 5 });
    else removeState(this.directory);
    this.server.close();
    this.server.closeAllConnections();
    say(`services stopped in ${seconds(began)}`);
  }
}

/** Whether the environment names it. @param {import('./place.mjs').Service} service */
export function isGiven({ variable, hostVariable }) {
  return [variable, hostVariable].some((name) => (process.env[name] ?? '') !== '');
}

/** @param {number} began */
function seconds(began) {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}
