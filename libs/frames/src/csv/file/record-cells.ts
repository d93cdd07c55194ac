import { parse } from 'csv-parse/sync';
import { type CellForm, SPACE } from '../dialect.js';

/**
 * The cells of one record, as `RecordScanner` counts them.
 * @returns undefined where quotes can be read in more than one way
 */
export function cellsOf(record: string, form: CellForm): string[] | undefined {
  if (record === '') return [''];
  return form.delimiter === SPACE || form.escape === '\\'
    ? splitCells(record, form)
    : parsedCells(record, form);
}

/** Number of the record's cells that stand in quotes; 0 where those can be read in more than one way. */
export function quotedCellsOf(record: string, form: CellForm): number {
  let quoted = 0;
  return splitCells(record, form, () => (quoted += 1)) === undefined ? 0 : quoted;
}

function parsedCells(record: string, { delimiter, quote, escape }: CellForm): string[] | undefined {
  try {
    const records: string[][] = parse(record, {
      delimiter,
      quote,
      escape,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
    });
    return records.length === 1 ? records[0] : undefined;
  } catch {
    // csv-parse refuses what the scan let pass: never guessed.
    return undefined;
  }
}

/** What csv-parse cannot: runs of spaces as one delimiter, and backslashes that stay where they escape nothing. */
function splitCells(
  record: string,
  { delimiter, quote, escape }: CellForm,
  onQuoted?: () => void,
): string[] | undefined {
  const spaced = delimiter === SPACE;
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (spaced) while (record[at] === delimiter) at += 1;
    if (spaced && at >= record.length) return cells;
    if (record[at] === quote) {
      const quoted = quotedCell(record, at, { quote, escape });
      if (quoted === undefined) return undefined;
      cells.push(quoted.text);
      onQuoted?.();
      at = quoted.end;
    } else {
      const end = record.indexOf(delimiter, at);
      const cell = record.slice(at, end < 0 ? undefined : end);
      cells.push(cell);
      at += cell.length;
    }
    if (at >= record.length) return cells;
    if (record[at] !== delimiter) return undefined;
    at += 1;
  }
}

function quotedCell(
  record: string,
  start: number,
  { quote, escape }: Pick<CellForm, 'quote' | 'escape'>,
): { text: string; end: number } | undefined {
  let text = '';
  for (let at = start + 1; at < record.length; at += 1) {
    const character = record[at] as string;
    const next = record[at + 1];
    if (character === escape && (next === quote || next === escape)) {
      text += next;
      at += 1;
    } else if (character === quote) return { text, end: at + 1 };
    else text += character;
  }
  return undefined;
}
