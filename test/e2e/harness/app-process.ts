import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 40_000;
const KEPT_LINES = 400;

/** One of the two built apps, running as it does in production. */
export class AppProcess {
  /** The last lines it wrote, for messages of failing tests. */
  readonly output: string[] = [];
  /** Where it answers over HTTP. */
  url = '';
  /** Resolves with its exit code, null after a signal. */
  readonly exited: Promise<number | null>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {
    this.exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  }

  /**
   * Starts `node <script>` and waits for the JSON log line that has an `url`, which it resolves with.
   * The environment is exactly `env`: nothing of the caller's leaks in.
   */
  static async start(
    name: string,
    script: string,
    env: Record<string, string>,
  ): Promise<{ process: AppProcess; url: string }> {
    const child = spawn(process.execPath, ['--enable-source-maps', script], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = new AppProcess(child, name);
    try {
      started.url = await started.listening();
      return { process: started, url: started.url };
    } catch (error) {
      await started.kill();
      throw error;
    }
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} did not start`);
    return this.child.pid;
  }

  /** SIGTERM, and SIGKILL where that takes too long; resolves with the exit code, null after a signal. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  private async listening(): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const fault = (why: string): Error => new Error(`${this.name} ${why}:\n${this.output.join('\n')}`);
    try {
      return await new Promise<string>((resolve, reject) => {
        timer = setTimeout(() => reject(fault('was not ready in time')), START_TIMEOUT_MS);
        void this.exited.then((code) => reject(fault(`ended with ${code}`)));
        for (const stream of [this.child.stdout, this.child.stderr]) {
          if (stream === null) continue;
          createInterface({ input: stream }).on('line', (line) => {
            this.output.push(line);
            if (this.output.length > KEPT_LINES) this.output.shift();
            const url = urlIn(line);
            if (url !== undefined) resolve(url);
          });
        }
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

function urlIn(line: string): string | undefined {
  try {
    const entry = JSON.parse(line) as { url?: unknown };
    return typeof entry.url === 'string' && entry.url.startsWith('http') ? entry.url : undefined;
  } catch {
    return undefined;
  }
}
