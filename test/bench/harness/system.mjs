import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { App } from './app.mjs';

const PIECE_BYTES = 1024 ** 2;
const checkout = fileURLToPath(new URL('../../../', import.meta.url));

/** The api and one worker over the services of the environment, and an administrator logged in. */
export class System {
  /** @param {{ workers?: number, environment?: Record<string, string> }} [options] */
  static async start({ workers = 1, environment = {} } = {}) {
    const directory = mkdtempSync(path.join(tmpdir(), 'datacore-bench-'));
    const administrator = { email: 'bench@example.com', password: randomBytes(16).toString('hex') };
    const settings = {
      LOG_LEVEL: 'info',
      API_HOST: '127.0.0.1',
      API_PORT: '0',
      WORKER_HEALTH_PORT: '0',
      DATA_DIR: directory,
      SECRET_KEY: randomBytes(32).toString('hex'),
      ADMIN_EMAIL: administrator.email,
      ADMIN_PASSWORD: administrator.password,
      METRICS_TOKEN: randomBytes(16).toString('hex'),
      UV_THREADPOOL_SIZE: '16',
      MALLOC_ARENA_MAX: '2',
      ...environment,
    };
    const migrate = path.join(checkout, 'dist/apps/api/src/commands/migrate.js');
    const migrated = spawnSync(process.execPath, [migrate], {
      env: { ...process.env, ...settings },
      encoding: 'utf8',
    });
    if (migrated.status !== 0) throw new Error(`the schema could not be made: ${migrated.stderr}`);
    const system = new System();
    system.directory = directory;
    system.settings = settings;
    system.api = new App('api', settings);
    system.workers = Array.from(
      { length: workers },
      () => new App('ingest-worker', { ...settings, MALLOC_ARENA_MAX: '1' }),
    );
    try {
      system.baseUrl = await system.api.url;
      await Promise.all(system.workers.map(({ url }) => url));
      const { accessToken } = await system.post('/auth/login', administrator);
      system.token = accessToken;
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  async stop() {
    await Promise.all([this.api, ...this.workers].map((app) => app.stop()));
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Another api process in place of the one that runs, and no local copies of frames. */
  async renewApi() {
    await this.api.stop();
    rmSync(path.join(this.directory, 'frame-cache'), { recursive: true, force: true });
    this.api = new App('api', this.settings);
    this.baseUrl = await this.api.url;
  }

  /** @param {string} route @returns {Promise<any>} */
  async get(route) {
    return (await this.#call(route, {})).body;
  }

  /** An answer whose body is read by the caller. @param {string} route */
  async open(route) {
    const response = await this.#request(route, {});
    if (!response.ok) throw new Error(`GET ${route}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** @param {string} route @returns {Promise<{ body: any, hit: boolean }>} whether the answer was a kept one */
  async ask(route) {
    const { body, headers } = await this.#call(route, {});
    return { body, hit: headers.get('x-cache') === 'hit' };
  }

  /** @param {string} route @param {object | FormData} body @returns {Promise<any>} */
  async post(route, body) {
    const form = body instanceof FormData;
    const answer = await this.#call(route, {
      method: 'POST',
      headers: form ? {} : { 'content-type': 'application/json' },
      body: form ? body : JSON.stringify(body),
    });
    return answer.body;
  }

  /** Processor time of the api and the workers together, in seconds. */
  cpuSeconds() {
    return [this.api, ...this.workers].reduce((sum, app) => sum + app.cpuSeconds(), 0);
  }

  /** A new customer, so that the same file may come again. @returns {Promise<string>} its id */
  async customer() {
    const { id } = await this.post('/customers', { name: `bench ${randomBytes(4).toString('hex')}` });
    return id;
  }

  /**
   * Uploads a file as a new dataset, by streaming it from disk; `fetch` would take half as much processor time as the api.
   * @param {string} customerId @param {string} file
   * @returns {Promise<{ dataset: any, upload: any, task: any }>} the answer to the request
   */
  async upload(customerId, file) {
    const boundary = randomBytes(16).toString('hex');
    const name = path.basename(file);
    const part = (/** @type {string} */ disposition) =>
      `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`;
    const head =
      `${part('name="customerId"')}${customerId}\r\n${part('name="name"')}${name}\r\n` +
      part(`name="file"; filename="${name}"`);
    const tail = `\r\n--${boundary}--\r\n`;
    const sent = request(`${this.baseUrl}/api/v1/datasets`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.token}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': Buffer.byteLength(head) + statSync(file).size + Buffer.byteLength(tail),
      },
    });
    const [[answer]] = await Promise.all([once(sent, 'response'), sendFile(sent, head, file, tail)]);
    const body = JSON.parse(await text(answer));
    if (answer.statusCode !== 202) throw new Error(`POST /datasets: ${answer.statusCode} ${body.detail}`);
    return body;
  }

  /**
   * Waits for a task's end, of which its stream of events tells. A second attempt is no measurement.
   * @param {string} id @returns {Promise<any>} the task
   */
  async finished(id) {
    for (;;) {
      const events = await (await this.open(`/tasks/${id}/events`)).text();
      const task = JSON.parse(events.slice(events.lastIndexOf('\ndata: ') + 7));
      if (task.finishedAt === null) continue;
      if (task.status === 'succeeded' && task.attempts === 1) return task;
      const said = this.workers.flatMap(({ output }) => output.slice(-5)).join('\n');
      throw new Error(`${task.kind} ${task.status}: ${JSON.stringify(task.error)}\n${said}`);
    }
  }

  /** @param {string} route @param {{ method?: string, headers?: Record<string, string>, body?: string | FormData }} init */
  #request(route, init) {
    return fetch(`${this.baseUrl}/api/v1${route}`, {
      ...init,
      headers: {
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...init.headers,
      },
    });
  }

  /** @param {string} route @param {{ method?: string, headers?: Record<string, string>, body?: string | FormData }} init */
  async #call(route, init) {
    const response = await this.#request(route, init);
    const body = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${route}: ${response.status} ${body}`);
    return { body: body === '' ? undefined : JSON.parse(body), headers: response.headers };
  }
}

/** @param {import('node:http').ClientRequest} to @param {string} head @param {string} file @param {string} tail */
async function sendFile(to, head, file, tail) {
  to.write(head);
  for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES })) {
    if (!to.write(piece)) await once(to, 'drain');
  }
  to.end(tail);
}
