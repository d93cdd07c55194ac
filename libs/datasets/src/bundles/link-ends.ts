import { invalidParameter } from '@app/problems';

/** A file of a bundle: how it is called and which columns it has. */
export interface NamedTable {
  fileName: string;
  names: readonly string[];
}

export interface LinkEnd {
  /** Place of the file in the bundle. */
  table: number;
  column: string;
}

/** What a file's table is called: its name without the ending. */
export const baseName = (fileName: string): string =>
  fileName.replace(/(?:\.csv|\.tsv|\.txt)?(?:\.gz)?$/i, '') || fileName;

/**
 * The column that `file.column` names, the file with or without its ending. Both may hold dots themselves: what counts is
 * which files and columns there are.
 * @throws Problem invalid_parameter where no column or more than one is meant
 */
export function linkEnd(text: string, tables: readonly NamedTable[], field: string): LinkEnd {
  const ends = tables.flatMap(({ fileName, names }, table) =>
    [...new Set([fileName, baseName(fileName)])]
      .filter((name) => text.startsWith(`${name}.`))
      .map((name) => ({ table, column: text.slice(name.length + 1) }))
      .filter(({ column }) => names.includes(column)),
  );
  const [end, ...others] = ends;
  if (end === undefined) throw invalidParameter(field, `there is no file and column ${JSON.stringify(text)}`);
  if (others.length > 0) throw invalidParameter(field, `${JSON.stringify(text)} may mean several columns`);
  return end;
}
