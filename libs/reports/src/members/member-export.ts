import { createHash } from 'node:crypto';
import { type FileHandle, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import {
  conditionsOf,
  DuckEngine,
  FrameQuery,
  quoteLiteral,
  reachable,
  type RowFilter,
  type VisibleSet,
} from '@app/frames';
import { invalidParameter } from '@app/problems';
import type { ReportEntity } from '../report.entity.js';
import { memberFeature } from './member-columns.js';
import { exportedMembers, type MemberFormat } from './member-formats.js';
import { membersTable } from './members-table.js';

export interface MemberExportQuery {
  format: MemberFormat;
  /** Index of the only segment wanted. */
  segment?: number | undefined;
  /** On `shopperId`, `segment` and the features by name. */
  filters: RowFilter[];
  /** SHA-256 of e-mail addresses in place of the shoppers' ids, as advertising platforms match them. */
  hashedEmail: boolean;
}

export interface ExportedMembers {
  rowCount: number;
  sizeBytes: number;
  /** Of the bytes of the file. */
  sha256: Buffer;
  /** Read it or destroy it: it is the last hold on the file. */
  content: Readable;
}

const DEADLINE_MILLISECONDS = 120_000;
const CHUNK_BYTES = 256 * 1024;

/** Members as files, sorted by shopper. */
@Injectable()
export class MemberExport {
  constructor(
    private readonly engine: DuckEngine,
    private readonly frames: FrameQuery,
  ) {}

  /**
   * The file is written whole before the first byte of an answer, so that its length and hash are known; it has no
   * name any more when this returns, and is gone with its last reader.
   * @throws Problem conflict where the report is not finished; invalid_parameter; unavailable; the signal's reason
   */
  async write(report: ReportEntity, query: MemberExportQuery, signal: AbortSignal): Promise<ExportedMembers> {
    const table = membersTable(report);
    const directory = this.engine.scratchDirectory();
    try {
      const path = join(directory, 'members');
      const rowCount = await this.copy(report, table, query, path, signal);
      const file = await open(path, 'r');
      const { size: sizeBytes } = await file.stat();
      const sha256 = await hashOf(file);
      const content = file.createReadStream({ start: 0, highWaterMark: CHUNK_BYTES });
      return { rowCount, sizeBytes, sha256, content };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  private copy(
    report: ReportEntity,
    table: VisibleSet,
    query: MemberExportQuery,
    path: string,
    signal: AbortSignal,
  ): Promise<number> {
    const { sql: where, values } = conditionsOf(byFeatureName(table, report), filtersOf(report, query));
    const { selected, options, empty } = exportedMembers(report, table, query);
    return reachable(() =>
      this.frames.withRelation(
        table,
        async (connection, relation) => {
          const statement = await connection.prepare(
            `COPY (SELECT ${selected} FROM ${relation} ${where} ORDER BY n) TO ${quoteLiteral(path)} (${options})`,
          );
          try {
            statement.bind(values);
            const [row] = (await statement.runAndReadAll()).getRows();
            const rowCount = Number(row?.[0]);
            if (rowCount === 0 && empty !== null) await writeFile(path, empty);
            return rowCount;
          } finally {
            statement.destroySync();
          }
        },
        { signal, deadlineMilliseconds: DEADLINE_MILLISECONDS },
      ),
    );
  }
}

function filtersOf({ outcome }: ReportEntity, { segment, filters }: MemberExportQuery): RowFilter[] {
  if (segment === undefined) return filters;
  if (outcome?.segments[segment] === undefined) {
    throw invalidParameter('segment', `0 to ${(outcome?.segments.length ?? 1) - 1}`);
  }
  return [...filters, { column: 'segment', operator: 'eq', value: String(segment) }];
}

/** Filters name features as people do. */
function byFeatureName(table: VisibleSet, { params }: ReportEntity): VisibleSet {
  const names = new Map(params.features.map((name) => [memberFeature(name), name]));
  return {
    ...table,
    columns: table.columns.map((column) => ({ ...column, name: names.get(column.name) ?? column.name })),
  };
}

async function hashOf(file: FileHandle): Promise<Buffer> {
  const hash = createHash('sha256');
  const bytes = file.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK_BYTES });
  for await (const chunk of bytes) hash.update(chunk as Buffer);
  return hash.digest();
}
