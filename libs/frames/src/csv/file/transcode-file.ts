import { BufferedFile } from './buffered-file.js';
import { chunksOf } from './chunks.js';
import type { OnBytes } from './table-source.js';

export interface TranscodeJob {
  path: string;
  start: number;
  encoding: string;
  target: string;
}

/**
 * Writes a UTF-8 copy of a file, without its byte order mark.
 * @returns false where bytes are no text in that encoding
 */
export function transcodeFile({ path, start, encoding, target }: TranscodeJob, onBytes: OnBytes): boolean {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const file = new BufferedFile(target);
  let done = start;
  try {
    for (const chunk of chunksOf(path, start)) {
      file.write(decoder.decode(chunk, { stream: true }));
      done += chunk.length;
      onBytes(done);
    }
    file.write(decoder.decode());
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  } finally {
    file.close();
  }
}
