import { Readable } from 'node:stream';
import { type Anomaly as FoundAnomaly, writeRecord } from '@app/frames';
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
  for await (const part of parts) {
    if (part.length === 0) continue;
    yield part
      .map(
        ({ line, column, type, value, message }) =>
          `${writeRecord([file, line, column, type, value, message])}\r\n`,
      )
      .join('');
  }
}
