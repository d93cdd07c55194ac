import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Problem } from '@app/problems';
import type { DuckDBConnection } from '@duckdb/node-api';
import { runInThread } from '../csv/file/run-in-thread.js';
import type { Finding } from '../csv/file/report-findings.js';
import { DuckEngine } from '../engine/duck-engine.js';
import { type ColumnDefinition, FramePublisher, type WrittenTable } from '../model/frame-publisher.js';
import { decideTypes, evidenceOf } from '../types/decide-types.js';
import { observeColumns } from '../types/observe-columns.js';
import type { TypedColumn } from '../types/typed-column.js';
import { directivesOf, rolesOf } from './directives.js';
import { type FlaggedRows, flagRows } from './flag-rows.js';
import { type PreparedSource, prepareSource } from './prepare-source.js';
import type { IngestCounts, IngestRequest, IngestResult } from './request.js';
import { type StagedFile, stageTable } from './stage-table.js';
import { Stopwatch } from './stopwatch.js';

/** Reads an uploaded file into typed frames: every record is in them or in the rejects, with its reason. */
@Injectable()
export class FrameIngest {
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
    const directory = this.engine.scratchDirectory();
    try {
      return await this.engine.connect((connection) => this.run(request, directory, connection), {
        signal: request.signal,
      });
    } catch (error) {
      request.signal?.throwIfAborted();
      if (error instanceof Error && error.message.startsWith('Out of Memory Error')) {
        throw new Problem(
          'unprocessable',
          'The file needs more memory than a worker has (file_too_complex).',
          {
            cause: error,
          },
        );
      }
      throw error;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  private async run(
    request: IngestRequest,
    directory: string,
    connection: DuckDBConnection,
  ): Promise<IngestResult> {
    const watch = new Stopwatch();
    const { signal, onProgress } = request;
    const { size: total } = await stat(request.path);
    const prepared = await prepareSource(request, directory, {
      signal,
      onBytes: (done) => onProgress?.({ done: Math.min(done, total), total, unit: 'bytes' }),
    });
    watch.lap('scan');
    const staged = await stageTable(connection, prepared, directory, signal);
    watch.lap('load');
    try {
      const { columns, roles } = await decide(request, prepared, staged);
      watch.lap('types');
      const { keyColumns = [], duplicates = 'keep' } = request;
      const path = join(directory, 'flagged.ndjson');
      const flagged = await flagRows(staged, columns, { keyColumns, duplicates }, path);
      watch.lap('flag');
      if (flagged.rejected === staged.rows) throw noRowFits(columns, staged.rows);
      checkRejectedShare(staged.rejected + flagged.rejected, prepared.scan.records, request.maxRejectedShare);
      // Both are waited for, also where one fails: the table is dropped after.
      const [stored, reported] = await Promise.allSettled([
        this.store(request, { prepared, staged, columns, flagged }, directory),
        reportFindings(request, prepared, staged, flagged),
      ]);
      if (stored.status === 'rejected') throw stored.reason;
      if (reported.status === 'rejected') throw reported.reason;
      const [written, findings] = [stored.value, reported.value];
      watch.lap('store');
      const counts = countsOf(prepared, staged, flagged, written, findings);
      return {
        ...written,
        roles,
        counts,
        dialect: prepared.dialect,
        findings,
        artefacts: artefactsOf(request, counts, findings),
        timings: watch.laps,
      };
    } finally {
      await staged.drop();
    }
  }

  private async store(
    request: IngestRequest,
    {
      prepared,
      staged,
      columns,
      flagged,
    }: { prepared: PreparedSource; staged: StagedFile; columns: TypedColumn[]; flagged: FlaggedRows },
    directory: string,
  ): Promise<WrittenTable> {
    const definitions = columns.map(
      ({ name, physical, type, storage, evidence, index }): ColumnDefinition => ({
        name,
        header: prepared.headers[index] ?? name,
        physical,
        type,
        storage,
        evidence,
      }),
    );
    const values = columns.map(({ expression, physical }) => `${expression} AS ${physical}`).join(', ');
    const { signal, onProgress } = request;
    const removed = flagged.rejected + flagged.dropped;
    const total = staged.rows - removed;
    return this.frames.store(
      {
        ownerId: request.uploadId,
        revision: request.revision,
        columns: definitions,
        frames: staged.frames,
        firstRows: removed === 0 ? undefined : await firstRowsOf(staged),
        select: ({ first, records }, firstRow) =>
          `SELECT ${removed === 0 ? 'r' : `${firstRow} + row_number() OVER (ORDER BY r) - 1`} AS n, ${values}
           FROM ${staged.table} WHERE r BETWEEN ${first} AND ${first + records - 1} ORDER BY r`,
        signal,
        onRows: (done) => onProgress?.({ done, total, unit: 'rows' }),
      },
      directory,
    );
  }
}

/** Types and roles: the values decide, then roles are proposed, then what the roles demand decides. */
async function decide(
  request: IngestRequest,
  { names }: PreparedSource,
  staged: StagedFile,
): Promise<{ columns: TypedColumn[]; roles: Record<string, string> }> {
  const { mapping = {}, existingColumns: existing = [], overrides = {}, timezone = 'UTC' } = request;
  const sources = { names, mapping, existing, overrides };
  const observed = await observeColumns(staged);
  const first = directivesOf(sources, {});
  const columns = await decideTypes(staged, observed, first, timezone);
  const evidence = observed.map((column, index) =>
    evidenceOf(column, columns[index] as TypedColumn, staged.rows),
  );
  const roles = rolesOf(mapping.roles ?? {}, request.decideRoles?.(evidence) ?? {}, evidence);
  const demanded = directivesOf(sources, roles);
  const same = names.every((name) => demanded.get(name)?.kind === first.get(name)?.kind);
  return { columns: same ? columns : await decideTypes(staged, observed, demanded, timezone), roles };
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

/** The pass that gives findings their lines; nothing to say, nothing to read. */
async function reportFindings(
  { workDirectory, signal }: IngestRequest,
  { source, checkUtf8, byteOrderMark, dialect }: PreparedSource,
  { rejected, parseAll }: StagedFile,
  flagged: FlaggedRows,
): Promise<Finding[]> {
  if (rejected === 0 && flagged.count === 0) return [];
  return runInThread<'findings'>(
    {
      kind: 'findings',
      source,
      options: {
        checkUtf8,
        parseAll,
        flagged: flagged.count === 0 ? undefined : flagged.path,
        kinds: flagged.kinds,
        anomalies: join(workDirectory, ANOMALIES),
        rejects: join(workDirectory, REJECTS),
        encoding: dialect.encoding,
        byteOrderMark,
      },
    },
    { sizeBytes: source.sizeBytes, signal },
  );
}

const ANOMALIES = 'anomalies.ndjson';
const REJECTS = 'rejects.csv';

const artefactsOf = (
  { workDirectory }: IngestRequest,
  { rejected }: IngestCounts,
  findings: Finding[],
): IngestResult['artefacts'] => ({
  ...(findings.length > 0 ? { anomalies: join(workDirectory, ANOMALIES) } : {}),
  ...(rejected > 0 ? { rejects: join(workDirectory, REJECTS) } : {}),
});

/** @throws Error where a record is neither stored nor rejected, which would be our fault */
function countsOf(
  { scan }: PreparedSource,
  staged: StagedFile,
  flagged: FlaggedRows,
  written: WrittenTable,
  findings: Finding[],
): IngestCounts {
  const rejected = staged.rejected + flagged.rejected;
  const accepted = written.rowCount + flagged.dropped;
  if (accepted + rejected !== scan.records) {
    throw new Error(`${accepted} rows and ${rejected} rejects do not make ${scan.records} records.`);
  }
  return {
    records: scan.records,
    accepted,
    rejected,
    blankLines: scan.blankLines,
    duplicates: flagged.duplicates,
    dropped: flagged.dropped,
    repeatedKeys: flagged.repeatedKeys,
    anomalies: findings.reduce((sum, finding) => sum + (finding.rejected ? 0 : finding.count), 0),
  };
}

function checkRejectedShare(rejected: number, records: number, allowed: number | undefined): void {
  if (allowed === undefined || rejected <= allowed * records) return;
  throw new Problem(
    'unprocessable',
    `${rejected} of ${records} records were rejected (${percent(rejected / records)}), more than the ${percent(allowed)} that the dataset allows (maxRejectedShare).`,
  );
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

function noRowFits(columns: TypedColumn[], rows: number): Problem {
  const worst = columns.reduce((worst, column) => (column.misfits > worst.misfits ? column : worst));
  if (worst.misfits === 0) return new Problem('unprocessable', `None of the ${rows} rows has a key.`);
  return new Problem(
    'unprocessable',
    `None of the ${rows} rows can be loaded: "${worst.name}" must be ${worst.type}, which ${worst.misfits} values are not.`,
  );
}
