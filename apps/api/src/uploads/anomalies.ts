import { Readable } from 'node:stream';
import type { Anomaly as FoundAnomaly } from '@app/frames';
import { z } from 'zod';

export const anomalySchema = z.object({
  file: z.string(),
  line: z.number().int(),
  column: z.string().nullable(),
  type: z.string(),
  value: z.string().nullable(),
  message: z.string(),
});

export type Anomaly = z.infer<typeof anomalySchema>;

const CSV_HEADER = 'file,line,column,type,value,message\r\n';

/** Anomalies as they are shown. */
export const toAnomalies = (anomalies: readonly FoundAnomaly[], file: string): Anomaly[] =>
  anomalies.map((anomaly) => ({ file, ...anomaly }));

/** All of them as CSV (RFC 4180), streamed. */
export function anomaliesAsCsv(parts: AsyncIterable<FoundAnomaly[]>, file: string): Readable {
  return Readable.from(csvPieces(parts, file), { objectMode: false });
}

async function* csvPieces(parts: AsyncIterable<FoundAnomaly[]>, file: string): AsyncGenerator<string> {
  yield CSV_HEADER;
  const fileCell = csvCell(file);
  for await (const part of parts) {
    if (part.length === 0) continue;
    yield part
      .map(({ line, column, type, value, message }) =>
        [fileCell, ...[line, column, type, value, message].map(csvCell)].join(','),
      )
      .join('\r\n')
      .concat('\r\n');
  }
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
