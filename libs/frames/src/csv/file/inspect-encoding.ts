import { isAscii, isUtf8 } from 'node:buffer';
import { readRecords } from './read-records.js';
import type { OnBytes, TableSource } from './table-source.js';

/** Records beyond ASCII, by whether they are UTF-8: the evidence for a file of which only parts are. */
export interface EncodingEvidence {
  utf8Records: number;
  brokenRecords: number;
}

/** Counts the records that are and are not UTF-8 where a file as a whole is not. */
export function inspectEncoding(source: TableSource, onBytes: OnBytes): EncodingEvidence {
  const evidence = { utf8Records: 0, brokenRecords: 0 };
  readRecords(
    source,
    ({ bytes }) => {
      if (bytes === undefined || isAscii(bytes)) return;
      evidence[isUtf8(bytes) ? 'utf8Records' : 'brokenRecords'] += 1;
    },
    onBytes,
  );
  return evidence;
}
