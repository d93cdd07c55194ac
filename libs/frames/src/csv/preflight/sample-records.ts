import type { CellForm } from '../dialect.js';
import { cellsOf, quotedCellsOf } from '../file/record-cells.js';
import { RECORD_FLAGS, RecordScanner } from '../scan/record-scanner.js';

/** Records that decide the form of a table. */
const SAMPLE_RECORDS = 1000;
/** Records whose cells are looked at. */
const SAMPLE_CELLS_RECORDS = 100;
const UNLIMITED = { maxRecordBytes: Number.POSITIVE_INFINITY, maxCellBytes: Number.POSITIVE_INFINITY };
const DAMAGED = RECORD_FLAGS.invalidQuote | RECORD_FLAGS.unclosedQuote;

export interface SampleRecord {
  start: number;
  end: number;
  /** Physical line, from 1. */
  line: number;
  fields: number;
  /** True where its quotes cannot be read in this form. */
  damaged: boolean;
}

/** The first records of a text in one form. */
export interface Sample {
  form: CellForm;
  records: SampleRecord[];
  /** Fields of the record that the end of the head cuts; 0 where it cuts none. */
  openFields: number;
  cellsOf(record: SampleRecord): string[];
  /** Number of cells in quotes, among the records whose cells are looked at. */
  quotedCells(): number;
}

/**
 * The first records of a head of UTF-8 text.
 * @param complete false where its end may cut a record: that one is left out
 */
export function sampleRecords(text: Buffer, form: CellForm, complete: boolean): Sample {
  const records: SampleRecord[] = [];
  const scanner = new RecordScanner(
    form,
    UNLIMITED,
    (start, end, line, fields, flags) => {
      if (records.length < SAMPLE_RECORDS)
        records.push({ start, end, line, fields, damaged: (flags & DAMAGED) !== 0 });
    },
    { oneColumn: false, start: 0, firstLine: 1 },
  );
  scanner.push(text);
  if (complete) scanner.finish();
  const textOf = ({ start, end }: SampleRecord): string => text.toString('utf8', start, end);
  return {
    form,
    records,
    openFields: scanner.recordStart < text.length ? scanner.openFields : 0,
    cellsOf: (record) => cellsOf(textOf(record), form) ?? textOf(record).split(form.delimiter),
    quotedCells: () =>
      records
        .slice(0, SAMPLE_CELLS_RECORDS)
        .reduce((sum, record) => sum + quotedCellsOf(textOf(record), form), 0),
  };
}

/** Cells of the records from `first` on, as many as decide anything. */
export const sampledCells = (sample: Sample, first: number): string[][] =>
  sample.records
    .slice(first, first + SAMPLE_CELLS_RECORDS)
    .filter(({ damaged }) => !damaged)
    .map((record) => sample.cellsOf(record));
