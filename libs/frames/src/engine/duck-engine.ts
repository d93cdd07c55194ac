import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '@app/problems';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { MANY_COLUMNS } from '../columns/many-columns.js';
import { rollBack } from './clean-up.js';
import { assertLocked, limitMemory, lockDown } from './lock-down.js';
import { uniqueName } from './unique-name.js';
import { processDirectory } from './process-directory.js';
import { QueryGate, type QueryGateOptions } from './query-gate.js';
import { assertPlainPath } from './sql.js';

export interface DuckEngineOptions {
  dataDirectory: string;
  /** DuckDB's own limit, some 40 % of what the process may take: it is no limit of the process. */
  memoryLimitMegabytes: number;
  /** The limit while there is work on large tables; else the same. */
  largeMemoryLimitMegabytes?: number | undefined;
  /** For callers' queries. */
  gate: QueryGateOptions;
}

export interface QueryOptions {
  signal?: AbortSignal | undefined;
  /** The query is interrupted after this time. */
  deadlineMilliseconds?: number | undefined;
}

/** DuckDB needs every column of a wide table in memory, and the hash of every row of any. */
export interface TableSize {
  columns: number;
  rows: number;
}

/** The hashes of so many rows take 160 MB. */
export const MANY_ROWS = 10_000_000;

const MAX_IDLE_CONNECTIONS = 4;

/**
 * DuckDB of this process: one locked-down instance, pooled connections, a gate for callers' queries, and a
 * registry by which everything that runs can be interrupted. Queries run on DuckDB's own threads.
 */
export class DuckEngine {
  private readonly gate: QueryGate;
  private readonly idle: DuckDBConnection[] = [];
  private readonly busy = new Set<DuckDBConnection>();
  private closed = false;
  private largeTables = 0;
  private adjusting = Promise.resolve();
  /** That of {@link oneThread}: from when it is asked for, and from when it is to be closed. */
  private asked: Promise<DuckEngine> | undefined;
  private beside: DuckEngine | undefined;

  private constructor(
    private readonly instance: DuckDBInstance,
    /** Immutable frames, shared by all processes on this data directory. */
    readonly cacheDirectory: string,
    /** Private to this process. */
    private readonly scratchRoot: string,
    private readonly options: DuckEngineOptions,
    /** What it reads then comes in order without being asked for. */
    readonly hasOneThread = false,
  ) {
    this.gate = new QueryGate(options.gate);
  }

  /** @throws Error where the path cannot be used safely or the lock-down does not hold */
  static async create(options: DuckEngineOptions): Promise<DuckEngine> {
    mkdirSync(options.dataDirectory, { recursive: true });
    const data = assertPlainPath(realpathSync(options.dataDirectory));
    const cache = join(data, 'frame-cache');
    mkdirSync(cache, { recursive: true });
    const scratch = processDirectory(join(data, 'scratch'));
    const instance = await DuckDBInstance.create(':memory:');
    const engine = new DuckEngine(instance, cache, scratch, options);
    await engine.secure([cache, scratch]);
    return engine;
  }

  /** A new private directory that DuckDB may read and write. The caller removes it. */
  scratchDirectory(): string {
    const directory = join(this.scratchRoot, uniqueName('d'));
    mkdirSync(directory, { mode: 0o700 });
    return directory;
  }

  /**
   * Runs a caller's query: a bounded number at a time in this process.
   * @throws Problem unavailable under overload or past the deadline
   */
  query<T>(work: (connection: DuckDBConnection) => Promise<T>, options: QueryOptions = {}): Promise<T> {
    return this.gate.run(() => this.connect(work, options));
  }

  /**
   * For those who would do something before they ask.
   * @throws Problem unavailable where a query would be refused now
   */
  refuseIfFull(): void {
    this.gate.refuseIfFull();
  }

  /** Runs the process's own work on a connection, without waiting for callers' queries. */
  async connect<T>(
    work: (connection: DuckDBConnection) => Promise<T>,
    { signal, deadlineMilliseconds }: QueryOptions = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    const connection = await this.take();
    const interrupt = (): void => connection.interrupt();
    let late = false;
    const deadline =
      deadlineMilliseconds === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            interrupt();
          }, deadlineMilliseconds);
    signal?.addEventListener('abort', interrupt);
    try {
      return await work(connection);
    } catch (error) {
      // Nobody else shall find its transaction; it also waits for the end of what runs still.
      await rollBack(connection).catch(() => undefined);
      signal?.throwIfAborted();
      if (late) throw tookTooLong(error);
      throw error;
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', interrupt);
      this.giveBack(connection);
    }
  }

  /**
   * The engine of one thread beside this one, made when it is first asked for; it reads and writes scratch directories.
   * Several connections share the cores better than threads of DuckDB's, of which one looks for work again and again
   * while another does the last of it; and each that reads or writes a wide table would hold as much memory.
   */
  oneThread(): Promise<DuckEngine> {
    this.assertOpen();
    this.asked ??= this.makeOneThread().catch((error: unknown) => {
      this.beside?.close();
      this.asked = undefined;
      throw error;
    });
    return this.asked;
  }

  /** Runs work on a table. As long as one of many columns or rows is worked on the limit is higher. */
  async forTable<T>({ columns, rows }: TableSize, work: () => Promise<T>): Promise<T> {
    const { usual, large } = this.limits;
    const isLarge = columns > MANY_COLUMNS || rows > MANY_ROWS;
    if (!isLarge || large === usual) return work();
    this.largeTables += 1;
    try {
      await this.adjustMemory();
      return await work();
    } finally {
      this.largeTables -= 1;
      // Where others hold more than that now, it falls the next time.
      if (!this.closed) await this.adjustMemory().catch(() => undefined);
    }
  }

  /** Ends what runs, at once. Without it a process with a running query cannot exit. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.beside?.close();
    for (const connection of this.busy) connection.interrupt();
    for (const connection of this.idle.splice(0)) connection.closeSync();
    if (this.busy.size === 0) this.instance.closeSync();
    rmSync(this.scratchRoot, { recursive: true, force: true });
  }

  private assertOpen(): void {
    if (this.closed) throw new Error('The query engine is closed.');
  }

  private get limits(): { usual: number; large: number } {
    const { memoryLimitMegabytes: usual, largeMemoryLimitMegabytes: large = usual } = this.options;
    return { usual, large };
  }

  private async makeOneThread(): Promise<DuckEngine> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    // Directories would be made where all were removed.
    if (this.closed) instance.closeSync();
    this.assertOpen();
    const scratch = join(this.scratchRoot, 'one-thread');
    this.beside = new DuckEngine(instance, this.cacheDirectory, scratch, this.options, true);
    await this.beside.secure([this.scratchRoot]);
    return this.beside;
  }

  /** @param allowed directories in which it may read and write */
  private async secure(allowed: readonly string[]): Promise<void> {
    const spill = join(this.scratchRoot, 'spill');
    mkdirSync(spill, { recursive: true });
    const { memoryLimitMegabytes } = this.options;
    await this.connect(async (connection) => {
      await lockDown(connection, { memoryLimitMegabytes, spill, allowed });
      await assertLocked(connection);
    });
  }

  /** One change after the other, each to what is wanted by then: one that comes late would take memory from the next table. */
  private adjustMemory(): Promise<void> {
    const { usual, large } = this.limits;
    const adjusted = this.adjusting.then(() =>
      this.connect(async (connection) => {
        await connection.run(limitMemory(this.largeTables > 0 ? large : usual));
      }),
    );
    this.adjusting = adjusted.catch(() => undefined);
    return adjusted;
  }

  private async take(): Promise<DuckDBConnection> {
    this.assertOpen();
    const connection = this.idle.pop() ?? (await this.instance.connect());
    this.busy.add(connection);
    return connection;
  }

  private giveBack(connection: DuckDBConnection): void {
    this.busy.delete(connection);
    if (!this.closed && this.idle.length < MAX_IDLE_CONNECTIONS) this.idle.push(connection);
    else connection.closeSync();
    if (this.closed && this.busy.size === 0) this.instance.closeSync();
  }
}

const tookTooLong = (cause: unknown): Problem =>
  new Problem('unavailable', 'The query took too long. Please narrow it down.', {
    retryAfterSeconds: 5,
    cause,
  });
