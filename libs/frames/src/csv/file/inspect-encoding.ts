import { type DecidedEncoding, LineInspection } from '../preflight/encoding.js';
import { chunksOf } from './chunks.js';
import type { OnBytes } from './table-source.js';

export interface InspectionJob {
  path: string;
  /** What is neither UTF-8 nor proves anything else is read as this. */
  fallback: string;
}

/** The encoding of a file that is not wholly UTF-8, from all its bytes. */
export function inspectEncoding({ path, fallback }: InspectionJob, onBytes: OnBytes): DecidedEncoding {
  const inspection = new LineInspection();
  let done = 0;
  for (const chunk of chunksOf(path)) {
    inspection.push(chunk);
    done += chunk.length;
    onBytes(done);
  }
  return inspection.decide(fallback);
}
