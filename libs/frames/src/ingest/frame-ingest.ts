import { rm, stat } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { Problem } from '@app/problems';
import type { DuckDBConnection } from '@duckdb/node-api';
import { MANY_COLUMNS } from '../columns/many-columns.js';
import { DuckEngine } from '../engine/duck-engine.js';
import { isFailure } from '../engine/is-failure.js';
import { QueryGate } from '../engine/query-gate.js';
import {
  type ColumnDefinition,
  FramePublisher,
  type WrittenTable,
  type TableToStore,
} from '../model/frame-publisher.js';
import { CountedValues } from '../types/counted-values.js';
import { valueChecks } from '../quality/value-checks.js';
import type { TypedColumn } from '../types/typed-column.js';
import { checkRejectedShare, countsOf, noRowFits } from './counts.js';
import { decideColumns } from './decide-columns.js';
import { type FlaggedRows, flagRows, mayRemoveRows, type RowRules } from './flag-rows.js';
import { LoadAhead } from './load-ahead.js';
import { type PreparedSource, prepareSource } from './prepare-source.js';
import { RepeatedRows } from './repeated-rows.js';
import { type Reported, reportFindings } from './report-findings.js';
import type { IngestPreview, IngestRequest, IngestResult } from './request.js';
import { type StagedFile, stageTable } from './stage-table.js';
import { Stopwatch } from './stopwatch.js';

/** A preview takes as much of the process as an ingest does. */
const PREVIEWS = { running: 1, waiting: 5, waitMilliseconds: 30_000 };

/** Reads an uploaded file into typed frames: every record is in them or in the rejects, with its reason. */
@Injectable()
export class FrameIngest {
  private readonly previews = new QueryGate(PREVIEWS);

  constructor(
    private readonly engine: DuckEngine,
    private readonly frames: FramePublisher,
  ) {}

  /**
   * Stores the frames of one attempt and answers what is to be published. Frames of an attempt that ends
   * otherwise are nobody's; `FrameRepository.removeRevision` removes them.
   * @throws Problem for what repeating would not mend; any other error may be tried again
   */
  async ingest(request: IngestRequest): Promise<IngestResult> {
    return this.inScratch(request, (place) =>
      this.run(request, { ...place, write: (table) => this.frames.store(table, place.directory) }),
    );
  }

  /**
   * Does all that {@link ingest} does but store, and hands it to `work`; then nothing is left of it.
   * @throws Problem as {@link ingest}; unavailable where too many wait already
   */
  async preview<T>(request: IngestRequest, work: (preview: IngestPreview) => Promise<T>): Promise<T> {
    return this.previews.run(() =>
      this.inScratch(request, async (place) =>
        work(
          await this.run(request, { ...place, write: (table) => this.frames.write(table, place.directory) }),
        ),
      ),
    );
  }

  private async inScratch<T>({ signal }: IngestRequest, work: (place: Place) => Promise<T>): Promise<T> {
    const directory = this.engine.scratchDirectory();
    try {
      const engine = await this.engine.oneThread();
      return await engine.connect(
        (connection) =>
          engine.connect((second) => work({ engine, connection, second, directory }), { signal }),
        { signal },
      );
    } catch (error) {
      signal?.throwIfAborted();
      if (!isFailure(error, 'Out of Memory Error')) throw error;
      throw new Problem('unprocessable', 'The file needs more memory than a worker has (file_too_complex).', {
        cause: error,
      });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  private async run<Written extends WrittenTable>(
    given: IngestRequest,
    means: Means<Written>,
  ): Promise<IngestResult & Written> {
    const watch = new Stopwatch();
    const ahead = new LoadAhead(means, given.signal);
    try {
      const scanned = await scan(given, means.directory, ahead);
      watch.lap('scan');
      const { names, scan: found } = scanned.prepared;
      return await means.engine.forTable({ columns: names.length, rows: found.records }, () =>
        this.load({ ...scanned, ahead, watch }, means),
      );
    } catch (error) {
      await ahead.stop();
      throw error;
    }
  }

  private async load<Written extends WrittenTable>(
    { request, prepared, ahead, watch }: Scanned & { ahead: LoadAhead; watch: Stopwatch },
    { engine, connection, second, directory, write }: Means<Written>,
  ): Promise<IngestResult & Written> {
    const { signal } = request;
    const loaded = await stageTable({ connection, second }, prepared, directory, { signal, ahead });
    const repeated = new RepeatedRows(engine, loaded, signal);
    const values = new CountedValues(loaded);
    try {
      const staged = { ...loaded, counted: await values.count() };
      watch.lap('load');
      const { columns, roles, observed } = await decideColumns(request, prepared, staged);
      watch.lap('types');
      const { keyColumns = [], duplicates = 'keep', receivedAt = new Date() } = request;
      const { hasReplacements } = prepared.scan;
      const checked = { staged, observed, columns, roles, hasReplacements, receivedAt };
      const rules = { keyColumns, duplicates, checks: () => valueChecks(checked), repeated };
      const typed = { engine, request, prepared, staged, columns };
      const { written, flagged, reported } = await this.storeAndReport(typed, rules, directory, write);
      watch.lap('store');
      const { findings, artefacts } = reported;
      const counts = countsOf(prepared, staged, flagged, written, findings);
      const { dialect } = prepared;
      return { ...written, roles, counts, dialect, findings, artefacts, timings: watch.laps };
    } finally {
      await repeated.drop();
      await values.drop();
      await loaded.drop();
    }
  }

  /** Makes the frames and says what was found: at the same time, unless rows may have to go first. */
  private async storeAndReport<Written>(
    typed: Typed,
    rules: RowRules,
    directory: string,
    write: (table: TableToStore) => Promise<Written>,
  ): Promise<{ written: Written; flagged: FlaggedRows; reported: Reported }> {
    const { engine, request, prepared, staged, columns } = typed;
    const report = (flagged: FlaggedRows): Promise<Reported> =>
      reportFindings(engine, request, { prepared, staged, flagged }, directory);
    const checkShare = (rejected: number): void =>
      checkRejectedShare(rejected, prepared.scan.records, request.maxRejectedShare);
    // Wide tables take all the memory there is for one of the two.
    if (!mayRemoveRows(columns, rules) && columns.length <= MANY_COLUMNS) {
      checkShare(staged.rejected);
      const tell = async (): Promise<{ flagged: FlaggedRows; reported: Reported }> => {
        const flagged = await flagRows(staged, columns, rules);
        try {
          return { flagged, reported: await report(flagged) };
        } finally {
          await flagged.drop();
        }
      };
      const [written, { flagged, reported }] = await both(tableOf(typed, 0).then(write), tell());
      return { written, flagged, reported };
    }
    const flagged = await flagRows(staged, columns, rules);
    try {
      if (flagged.rejected === staged.rows) throw noRowFits(columns, staged.rows);
      checkShare(staged.rejected + flagged.rejected);
      const table = tableOf(typed, flagged.rejected + flagged.dropped);
      const [written, reported] = await both(table.then(write), report(flagged));
      return { written, flagged, reported };
    } finally {
      await flagged.drop();
    }
  }
}

/** Where an attempt works: gone after it, with all that was made there. */
interface Place {
  engine: DuckEngine;
  connection: DuckDBConnection;
  /** For what can be asked at the same time. */
  second: DuckDBConnection;
  directory: string;
}

/** What an attempt works with, and what makes frames of its table. */
interface Means<Written> extends Place {
  write: (table: TableToStore) => Promise<Written>;
}

/** A file that was looked at as a whole, with all that is asked of it. */
interface Scanned {
  request: IngestRequest;
  prepared: PreparedSource;
}

/** Looks at the whole file, and begins to load it meanwhile. */
async function scan(given: IngestRequest, directory: string, ahead: LoadAhead): Promise<Scanned> {
  const { signal, onProgress } = given;
  const { size: total } = await stat(given.path);
  const source = await prepareSource(given, directory, {
    signal,
    onBytes: (done) => onProgress?.({ done: Math.min(done, total), total, unit: 'bytes' }),
    onSource: (found, head) => ahead.begin(found, head),
  });
  const request = { ...given, ...given.schema?.(source.names) };
  return { request, prepared: { ...source, names: request.names ?? source.names } };
}

/** A staged file whose types are decided. */
interface Typed extends Scanned {
  engine: DuckEngine;
  staged: StagedFile;
  columns: TypedColumn[];
}

/** Both are waited for, also where one fails: what they work on is dropped after. */
async function both<A, B>(left: Promise<A>, right: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([left, right]);
  return Promise.all([left, right]);
}

/** The typed table as frames are made of it, without the rows that were removed. */
async function tableOf(
  { engine, request, prepared, staged, columns }: Typed,
  removed: number,
): Promise<TableToStore> {
  const definitions = columns.map(({ name, physical, type, storage, evidence, index }): ColumnDefinition => ({
    name,
    header: prepared.headers[index] ?? name,
    physical,
    type,
    storage,
    evidence,
  }));
  const values = columns.map(({ expression, physical }) => `${expression} AS ${physical}`).join(', ');
  const { signal, onProgress } = request;
  const total = staged.rows - removed;
  return {
    engine,
    ownerId: request.uploadId,
    revision: request.revision,
    columns: definitions,
    frames: staged.frames,
    firstRows: removed === 0 ? undefined : await firstRowsOf(staged),
    select: ({ first, records }, firstRow) => {
      const rows = `${values} FROM ${staged.table} WHERE r BETWEEN ${first} AND ${first + records - 1}`;
      // DuckDB keeps the order of a table that it only filters.
      return removed === 0
        ? `SELECT r AS n, ${rows}`
        : `SELECT ${firstRow} + row_number() OVER (ORDER BY r) - 1 AS n, ${rows} ORDER BY r`;
    },
    signal,
    onRows: (done) => onProgress?.({ done, total, unit: 'rows' }),
  };
}

/** Numbers of the first rows of the frames where rows were removed before them. */
async function firstRowsOf({ connection, table, frames }: StagedFile): Promise<number[]> {
  const counts = frames.map(
    ({ first, records }) => `count(*) FILTER (r BETWEEN ${first} AND ${first + records - 1})`,
  );
  const reader = await connection.runAndReadAll(`SELECT ${counts.join(', ')} FROM ${table}`);
  let rows = 0;
  return (reader.getRows()[0] ?? []).map((frameRows) => {
    const firstRow = rows;
    rows += Number(frameRows);
    return firstRow;
  });
}
