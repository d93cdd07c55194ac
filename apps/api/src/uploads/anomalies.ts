import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
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
/** Lines are sent in pieces of about this many characters. */
const PIECE_LENGTH = 64 * 1024;

/** The findings of an NDJSON artefact, one after the other, of one type where that is given. */
export async function* readAnomalies(
  artefact: Readable,
  file: string,
  type: string | undefined,
): AsyncGenerator<Anomaly> {
  for await (const line of createInterface({ input: artefact, crlfDelay: Infinity })) {
    const found = JSON.parse(line) as Omit<Anomaly, 'file'>;
    if (type === undefined || found.type === type) yield { file, ...found };
  }
}

/** One page of them, and how many there are. */
export async function pageOfAnomalies(
  anomalies: AsyncIterable<Anomaly>,
  { page, pageSize }: { page: number; pageSize: number },
): Promise<{ count: number; results: Anomaly[] }> {
  const results: Anomaly[] = [];
  const first = (page - 1) * pageSize;
  let count = 0;
  for await (const anomaly of anomalies) {
    if (count >= first && results.length < pageSize) results.push(anomaly);
    count += 1;
  }
  return { count, results };
}

/** All of them as CSV (RFC 4180), streamed. */
export function anomaliesAsCsv(anomalies: AsyncIterable<Anomaly>): Readable {
  return Readable.from(csvPieces(anomalies), { objectMode: false });
}

async function* csvPieces(anomalies: AsyncIterable<Anomaly>): AsyncGenerator<string> {
  let piece = CSV_HEADER;
  for await (const { file, line, column, type, value, message } of anomalies) {
    piece += `${[file, line, column, type, value, message].map(csvCell).join(',')}\r\n`;
    if (piece.length >= PIECE_LENGTH) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
