import path from 'node:path';
import { Daemon, LauncherError } from './processes.mjs';

/**
 * A service this run has prepared: it can be stopped, killed and started again on the same port and data. That one of
 * its processes ends by itself is a failure; that it ends because it was told to is not.
 */
export class ManagedService {
  /** @type {Daemon[]} */
  #daemons = [];
  /** One change after the other. @type {Promise<void>} */
  #turn = Promise.resolve();
  #wanted = false;

  /**
   * @param {import('./place.mjs').Service} service
   * @param {import('./place.mjs').Place} place
   * @param {{ changed: () => void, failed: (reason: string) => void, signal: AbortSignal }} run
   */
  constructor(service, place, run) {
    this.service = service;
    this.place = place;
    this.run = run;
    /** @type {import('./place.mjs').PreparedService | undefined} */
    this.prepared = undefined;
  }

  get name() {
    return this.service.name;
  }

  get running() {
    return this.#wanted && this.#daemons.every((daemon) => daemon.ended === undefined);
  }

  /** Its processes in the order of their start, for the next run to clean up should this one be killed. */
  get processes() {
    return this.#daemons.flatMap(({ name, pid, stopSignal, ended }) =>
      pid === undefined || ended !== undefined ? [] : [{ name, pid, stopSignal }],
    );
  }

  start() {
    return this.#inTurn(async () => {
      if (this.#wanted) return;
      this.#wanted = true;
      this.prepared ??= await this.#prepare();
      await this.prepared.launch((options, isReady) => this.#spawn(options, isReady));
    });
  }

  stop() {
    return this.#end((daemon) => daemon.stop());
  }

  kill() {
    return this.#end((daemon) => daemon.kill());
  }

  /** @param {(daemon: Daemon) => Promise<void>} end */
  #end(end) {
    return this.#inTurn(async () => {
      this.#wanted = false;
      for (const daemon of this.#daemons.toReversed()) await end(daemon);
      this.#daemons = [];
      this.run.changed();
    });
  }

  /**
   * @param {import('./place.mjs').SpawnOptions} options
   * @param {(daemon: Daemon) => boolean | Promise<boolean>} isReady
   */
  async #spawn(options, isReady) {
    const logFile = path.join(this.place.logDirectory, `${options.name}.log`);
    const daemon = new Daemon({ ...options, logFile });
    this.#daemons.push(daemon);
    this.run.changed();
    await daemon.ready(() => isReady(daemon), this.run.signal);
    void this.#watch(daemon);
  }

  /** @param {Daemon} daemon */
  async #watch(daemon) {
    await daemon.exited;
    if (this.#wanted && this.#daemons.includes(daemon)) {
      this.run.failed(`${daemon.name} has ended by itself (${daemon.ended}); see ${daemon.logFile}`);
    }
  }

  async #prepare() {
    const { name, title, variable } = this.service;
    try {
      return await this.service.prepare(this.place);
    } catch (error) {
      if (!(error instanceof LauncherError)) throw error;
      throw new LauncherError(
        `${title} cannot be provided here (${error.message}): ` +
          `start one with "docker compose up -d ${name}" and set ${variable}.`,
      );
    }
  }

  /** @param {() => Promise<void>} change */
  #inTurn(change) {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => {});
    return done;
  }
}
