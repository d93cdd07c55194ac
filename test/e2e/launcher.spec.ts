import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './harness/until.js';

const script = fileURLToPath(new URL('../../scripts/services.mjs', import.meta.url));
const PRINT_URL = 'console.log(process.env.DATABASE_URL)';

/** A launcher of its own in a run of its own; RabbitMQ, the slow one, is the test run's. */
class Launcher {
  said = '';
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;

  constructor(dataDirectory: string, command: string[]) {
    const { DATABASE_URL: _, MONGO_URL: __, REDIS_URL: ___, ...environment } = process.env;
    this.process = spawn(process.execPath, [script, '--', ...command], {
      env: { ...environment, DATA_DIR: dataDirectory },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const output of [this.process.stdout, this.process.stderr]) {
      output?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    }
    this.exited = new Promise((resolve) => this.process.once('exit', (code) => resolve(code)));
  }

  async says(text: string): Promise<void> {
    await until(`the launcher to say "${text}"`, async () => this.said.includes(text));
  }

  get databaseUrl(): string {
    return /postgres:\S+/.exec(this.said)?.[0] ?? '';
  }
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the launcher', () => {
  let directories: string[];
  let launchers: Launcher[];
  const launch = (directory: string, ...command: string[]): Launcher => {
    const launcher = new Launcher(directory, command);
    launchers.push(launcher);
    return launcher;
  };
  // It ends with its launcher, also where that is killed.
  const stay =
    'const parent = process.ppid; setInterval(() => parent === process.ppid || process.exit(), 100)';
  const stays = [process.execPath, '-e', `${PRINT_URL}; ${stay}`];

  beforeEach(() => {
    launchers = [];
    directories = ['a', 'b'].map((name) => mkdtempSync(join(tmpdir(), `launcher-${name}-`)));
  });

  afterEach(async () => {
    for (const launcher of launchers) launcher.process.kill('SIGTERM');
    await Promise.all(launchers.map((launcher) => launcher.exited));
    for (const directory of directories) rmSync(directory, { recursive: true });
  });

  it('gives two data directories services of their own at the same time, and stops them', async () => {
    const [one, other] = directories.map((directory) => launch(directory, ...stays)) as [Launcher, Launcher];
    await Promise.all([one.says('postgres:'), other.says('postgres:')]);
    await query(one.databaseUrl, 'CREATE TABLE mine (id int)');
    expect(await query(other.databaseUrl, "SELECT to_regclass('mine') AS found")).toEqual([{ found: null }]);

    one.process.kill('SIGTERM');
    await one.exited;
    await expect(query(one.databaseUrl, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    expect(await query(other.databaseUrl, 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
  });

  it('gives the exit code of its command', async () => {
    expect(await launch(directories[0] ?? '', process.execPath, '-e', 'process.exit(7)').exited).toBe(7);
  });

  it('shares the services of a live run and leaves them up', async () => {
    const [directory = ''] = directories;
    const owner = launch(directory, ...stays);
    await owner.says('postgres:');
    const guest = launch(directory, process.execPath, '-e', PRINT_URL);
    expect(await guest.exited).toBe(0);
    expect(guest.databaseUrl).toBe(owner.databaseUrl);
    expect(await query(owner.databaseUrl, 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
  });

  it('cleans up after a launcher that was killed, and keeps the data', async () => {
    const [directory = ''] = directories;
    const killed = launch(directory, ...stays);
    await killed.says('postgres:');
    await query(killed.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    killed.process.kill('SIGKILL');
    await killed.exited;

    const next = launch(directory, ...stays);
    await next.says('postgres:');
    expect(next.said).toContain('left by a run that was killed');
    expect(await query(next.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('ends the command, and itself with 1, when a service ends by itself', async () => {
    const [directory = ''] = directories;
    const launcher = launch(directory, ...stays);
    await launcher.says('postgres:');
    const [row] = (await query(launcher.databaseUrl, "SELECT pg_read_file('postmaster.pid') AS file")) as [
      { file: string },
    ];
    process.kill(Number(row.file.split('\n')[0]), 'SIGKILL');
    expect(await launcher.exited).toBe(1);
    expect(launcher.said).toContain('postgres has ended by itself');
    expect(existsSync(join(directory, 'services/run.json'))).toBe(false);
  });
});
