import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const START_TIMEOUT_MS = 60_000;
/** The unit of /proc on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const checkout = fileURLToPath(new URL('../../../', import.meta.url));

/** One of the built apps as a process of its own. */
export class App {
  /** @type {string[]} */
  output = [];

  /**
   * @param {'api' | 'ingest-worker'} name
   * @param {Record<string, string>} environment  added to ours
   */
  constructor(name, environment) {
    this.name = name;
    this.metricsToken = environment.METRICS_TOKEN;
    const script = path.join(checkout, 'dist/apps', name, 'src/main.js');
    this.child = spawn(process.execPath, ['--enable-source-maps', script], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** @type {Promise<number | null>} */
    this.exited = new Promise((resolve) => this.child.once('exit', (code) => resolve(code)));
    /** Resolves with the URL that the app logs once it listens. @type {Promise<string>} */
    this.url = new Promise((resolve, reject) => {
      const fail = (/** @type {string} */ why) =>
        reject(new Error(`${name} ${why}\n${this.output.slice(-30).join('\n')}`));
      const timer = setTimeout(() => fail('was not ready in time'), START_TIMEOUT_MS);
      void this.exited.then((code) => fail(`ended with ${code}`));
      for (const stream of [this.child.stdout, this.child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          this.output.push(line);
          if (this.output.length > 200) this.output.shift();
          const url = urlIn(line);
          if (url === undefined) return;
          clearTimeout(timer);
          resolve(url);
        });
      }
    });
    this.url.catch(() => {});
  }

  /** Bytes of memory the process holds now, and the most it has held (Linux only, else NaN). */
  memory() {
    return { now: this.#status('VmRSS'), peak: this.#status('VmHWM') };
  }

  /** From here on `memory().peak` is of what comes now. */
  forgetPeak() {
    try {
      fs.writeFileSync(`/proc/${this.child.pid}/clear_refs`, '5');
    } catch {
      // Then the peak includes the start, which is the stricter figure.
    }
  }

  /** Processor time the process has used so far, in seconds (Linux only, else NaN). */
  cpuSeconds() {
    try {
      const fields = fs.readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    } catch {
      return Number.NaN;
    }
  }

  /** The longest time for which its event loop was held up since this was asked last; the app needs METRICS_TOKEN. */
  async longestDelayMs() {
    const headers = { authorization: `Bearer ${this.metricsToken}` };
    const figures = await (await fetch(`${await this.url}/metrics`, { headers })).text();
    const seconds = /^nodejs_eventloop_lag_max_seconds(?:\{[^}]*\})? (\S+)$/m.exec(figures)?.[1];
    return Math.round(Number(seconds) * 1e4) / 10;
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.exited;
  }

  /** @param {'VmRSS' | 'VmHWM'} field */
  #status(field) {
    try {
      const text = fs.readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
      return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
    } catch {
      return Number.NaN;
    }
  }
}

/** @param {string} line */
function urlIn(line) {
  try {
    const { url } = JSON.parse(line);
    return typeof url === 'string' && url.startsWith('http') ? url : undefined;
  } catch {
    return undefined;
  }
}
