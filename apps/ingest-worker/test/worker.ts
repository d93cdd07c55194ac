import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

const PROGRAM = fileURLToPath(new URL('worker-process.mjs', import.meta.url));

/** A worker as its own process, with the test's handlers. */
export class Worker {
  readonly lines: Record<string, unknown>[] = [];
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  private readonly child: ChildProcess;

  constructor(environment: Record<string, string>) {
    this.child = spawn(process.execPath, [PROGRAM], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // 'close' comes after the last line.
    this.exited = once(this.child, 'close').then(([code, signal]) => ({ code, signal }));
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      this.lines.push(JSON.parse(line));
      if (process.env['TEST_VERBOSE'] !== undefined) process.stderr.write(`${line}\n`);
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  said(message: string): boolean {
    return this.lines.some((line) => line['msg'] === message);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async ready(): Promise<this> {
    await eventually(async () => {
      if (this.child.exitCode !== null) throw new Error(`The worker has ended: ${this.child.exitCode}.`);
      return (await this.health('ready')) === 200;
    }, 'the worker is ready');
    return this;
  }

  /** Status of a health check; 0 where nothing answers. */
  async health(check: 'live' | 'ready'): Promise<number> {
    const up = this.lines.find((line) => line['msg'] === 'ingest-worker is up');
    if (up === undefined) return 0;
    const { port } = new URL(String(up['url']));
    return fetch(`http://127.0.0.1:${port}/health/${check}`).then(
      (response) => response.status,
      () => 0,
    );
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await this.exited;
  }
}
