import { stemOf } from '@app/archives';
import { type FileLimits, streamRecords, writeRecord } from '@app/frames';
import { Problem } from '@app/problems';
import type { ReadObject, ReadTable } from '../objects/object-reader.js';
import type { BundleColumns } from '../source.entity.js';

type RecordLimits = Pick<FileLimits, 'maxRecordBytes'>;

const line = (cells: readonly string[]): string => `${writeRecord(cells)}\n`;

/**
 * Several tables as one CSV: all columns that one of them has, by name, in the order in which they first occur.
 * @throws Problem unprocessable, naming the table that cannot be read
 */
export async function* combineTables(
  tables: readonly ReadTable[],
  limits: RecordLimits,
): AsyncGenerator<string> {
  const names = [...new Set(tables.flatMap(({ preflight }) => preflight.names))];
  yield line(names);
  for (const table of tables) {
    const places = names.map((name) => table.preflight.names.indexOf(name));
    for await (const record of recordsOf(table, limits))
      yield line(places.map((place) => record[place] ?? ''));
  }
}

/**
 * Files of one record each as one CSV, with the name of each file as id and the image of that name. Names and values lose
 * the spaces around them. Of files with one name in several objects the last counts.
 * @throws Problem unprocessable, naming the file that is not as it should be
 */
export async function* combineBundle(
  objects: readonly ReadObject[],
  { idColumn, imageColumn, imagePathColumn }: BundleColumns,
  limits: RecordLimits,
): AsyncGenerator<string> {
  const images = new Map(objects.flatMap((object) => object.images.map((path) => [stemOf(path), path])));
  const tables = new Map(
    objects.flatMap((object) => object.tables.map((table) => [tableId(table), table] as const)),
  );
  const names = [
    ...new Set([...tables.values()].flatMap(({ preflight }) => preflight.names.map((name) => name.trim()))),
  ];
  const added = [idColumn, imageColumn, imagePathColumn];
  const taken = added.find((name) => names.includes(name));
  if (taken !== undefined) {
    throw new Problem('unprocessable', `A file has a column "${taken}" of its own, which the bundle adds.`);
  }
  yield line([idColumn, ...names, imageColumn, imagePathColumn]);
  for (const [id, table] of [...tables].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const places = names.map((name) => table.preflight.names.findIndex((other) => other.trim() === name));
    const record = await onlyRecord(table, limits);
    const image = images.get(id);
    const values = places.map((place) => (record[place] ?? '').trim());
    yield line([id, ...values, String(image !== undefined), image ?? '']);
  }
}

const tableId = ({ name }: ReadTable): string => stemOf(name.replace(/\.gz$/i, ''));

async function onlyRecord(table: ReadTable, limits: RecordLimits): Promise<string[]> {
  const records: string[][] = [];
  for await (const record of recordsOf(table, limits)) {
    records.push(record);
    if (records.length > 1) break;
  }
  const [record] = records;
  if (record !== undefined && records.length === 1) return record;
  throw unreadable(table, record === undefined ? 'it has no record' : 'it has more than one record');
}

/** The records after the header. */
async function* recordsOf(table: ReadTable, limits: RecordLimits): AsyncGenerator<string[]> {
  try {
    yield* streamRecords(table.staged.path, table.preflight, limits);
  } catch (error) {
    throw error instanceof Problem ? unreadable(table, error.detail, error) : error;
  }
}

const unreadable = ({ name }: ReadTable, why: string, cause?: unknown): Problem =>
  new Problem('unprocessable', `${name} cannot be combined with the others: ${why}.`, { cause });
