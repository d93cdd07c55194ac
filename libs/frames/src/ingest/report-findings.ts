import { join } from 'node:path';
import { quoteLiteral } from '../engine/sql.js';
import type { DuckEngine } from '../engine/duck-engine.js';
import { linkInto } from '../engine/link-into.js';
import { runInThread } from '../csv/file/run-in-thread.js';
import type { Finding } from '../findings/finding.js';
import { type Whereabouts, writeFindings } from '../findings/write-findings.js';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { FlaggedRows } from './flag-rows.js';
import type { PreparedSource } from './prepare-source.js';
import type { IngestRequest, IngestResult } from './request.js';
import type { StagedFile } from './stage-table.js';

export interface Reported {
  findings: Finding[];
  artefacts: IngestResult['artefacts'];
}

interface Judged {
  prepared: PreparedSource;
  staged: StagedFile;
  flagged: FlaggedRows;
}

/** Writes down what was found, each with its line, and the rejected records. Nothing found, nothing written. */
export async function reportFindings(
  engine: DuckEngine,
  request: IngestRequest,
  judged: Judged,
  directory: string,
): Promise<Reported> {
  const { prepared, staged, flagged } = judged;
  const rejected = staged.rejected + flagged.rejected;
  if (rejected + flagged.count === 0) return { findings: [], artefacts: {} };
  const { workDirectory, signal } = request;
  const rejects = join(workDirectory, 'rejects.csv');
  return engine.connect(
    async (connection) => {
      const { firstLine } = prepared.scan;
      const where: Whereabouts =
        rejected === 0 && firstLine !== undefined
          ? { firstLine }
          : { located: await locate(connection, request, judged, { directory, rejects }) };
      const list = join(directory, 'findings.parquet');
      const findings = await writeFindings(connection, flagged, where, prepared.names.length, list);
      const anomalies = await linkInto(join(workDirectory, 'anomalies.parquet'), list);
      return { findings, artefacts: { anomalies, ...(rejected > 0 && { rejects }) } };
    },
    { signal },
  );
}

/** One more pass over the file. @returns the path of what {@link LocateJob} calls `located` */
async function locate(
  connection: DuckDBConnection,
  { signal }: IngestRequest,
  { prepared: { source, checkUtf8, byteOrderMark, dialect }, staged, flagged }: Judged,
  { directory, rejects }: { directory: string; rejects: string },
): Promise<string> {
  const { table, kinds } = flagged;
  const path = join(directory, 'flagged.csv');
  const rejecting = kinds.flatMap((kind, index) => (kind.rejects ? [index] : []));
  const isRejected = rejecting.length === 0 ? 'false' : `bool_or(k IN (${rejecting.join(', ')}))`;
  await connection.run(
    `COPY (SELECT r, ${isRejected} FROM ${table} GROUP BY r ORDER BY r) TO ${quoteLiteral(path)} (FORMAT csv, HEADER false)`,
  );
  const located = join(directory, 'located.csv');
  const options = {
    checkUtf8,
    parseAll: staged.parseAll,
    flagged: path,
    located,
    rejects,
    encoding: dialect.encoding,
    byteOrderMark,
  };
  await runInThread<'locate'>({ kind: 'locate', source, options }, { sizeBytes: source.sizeBytes, signal });
  return located;
}
