import { parse } from 'csv-parse/sync';
import { DELIMITERS } from '../dialect.js';

/** Records that decide the delimiter and are shown as preview. */
export const PREVIEW_RECORDS = 50;

/**
 * The first records of a text as csv-parse reads them. A text that ends within a record gives the
 * records before it; quotes within unquoted text are text.
 */
export function firstRecords(text: string, delimiter: string, complete: boolean): string[][] {
  const records: string[][] = [];
  try {
    parse(text, {
      delimiter,
      to: PREVIEW_RECORDS,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      on_record: (record: string[]) => {
        records.push(record);
        return null;
      },
    });
  } catch {
    // Only an unclosed quote comes here: what stands before it was collected.
    return records;
  }
  const cutWithin = !complete && records.length > 1 && records.length < PREVIEW_RECORDS;
  return cutWithin ? records.slice(0, -1) : records;
}

/** Share of the records that have as many fields as the first; 0 where the delimiter splits nothing. */
function agreement(records: string[][]): number {
  const fields = records[0]?.length ?? 0;
  if (fields < 2) return 0;
  return records.filter((record) => record.length === fields).length / records.length;
}

/** The delimiter under which most records agree; of equals the one with more fields. Comma for one column. */
export function detectDelimiter(text: string, complete: boolean): string {
  let best = { delimiter: DELIMITERS[0] as string, agreement: 0, fields: 0 };
  for (const delimiter of DELIMITERS) {
    const records = firstRecords(text, delimiter, complete);
    const found = { delimiter, agreement: agreement(records), fields: records[0]?.length ?? 0 };
    if (
      found.agreement > best.agreement ||
      (found.agreement === best.agreement && found.agreement > 0 && found.fields > best.fields)
    ) {
      best = found;
    }
  }
  return best.delimiter;
}
