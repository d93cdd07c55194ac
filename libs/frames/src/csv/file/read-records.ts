import { RecordScanner } from '../scan/record-scanner.js';
import { chunksOf } from './chunks.js';
import type { OnBytes, TableSource } from './table-source.js';

/** A record with its bytes, which are valid only during the call. */
export interface RawRecord {
  start: number;
  end: number;
  line: number;
  fields: number;
  flags: number;
  /** Undefined where the record is longer than the limit. */
  bytes: Buffer | undefined;
}

/** Passes every record, the header first, to `onRecord`. Memory: one chunk and one record. */
export function readRecords(
  source: TableSource,
  onRecord: (record: RawRecord) => void,
  onBytes: OnBytes,
): { blankLines: number } {
  let window: Buffer = Buffer.alloc(0);
  let windowStart = source.start;
  const scanner = new RecordScanner(
    source,
    source.limits,
    (start, end, line, fields, flags) => {
      const bytes = start < windowStart ? undefined : window.subarray(start - windowStart, end - windowStart);
      onRecord({ start, end, line, fields, flags, bytes });
    },
    { ...source, oneColumn: source.columns === 1 },
  );
  let done = source.start;
  let open = Buffer.alloc(0);
  for (const chunk of chunksOf(source.path, source.start)) {
    window = open.length === 0 ? chunk : Buffer.concat([open, chunk]);
    windowStart = done - open.length;
    scanner.push(chunk);
    done += chunk.length;
    const openBytes = done - scanner.recordStart;
    // A record over the limit is rejected without its bytes at hand.
    open =
      openBytes > source.limits.maxRecordBytes ? Buffer.alloc(0) : Buffer.from(chunkTail(window, openBytes));
    onBytes(done);
  }
  window = open;
  windowStart = done - open.length;
  scanner.finish();
  return { blankLines: scanner.blankLines };
}

const chunkTail = (window: Buffer, bytes: number): Buffer =>
  bytes <= 0 ? window.subarray(window.length) : window.subarray(Math.max(0, window.length - bytes));
