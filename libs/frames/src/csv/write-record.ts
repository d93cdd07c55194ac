type Cell = string | number | null;

/**
 * One record as RFC 4180 has it, without its line end: what would be read as something else stands in quotes, also the
 * only cell of a record where it is empty, since a line without a character is no record.
 */
export function writeRecord(cells: readonly Cell[], delimiter = ','): string {
  if (cells.length === 1 && (cells[0] ?? '') === '') return '""';
  return cells.map((cell) => written(String(cell ?? ''), delimiter)).join(delimiter);
}

const written = (text: string, delimiter: string): string =>
  [delimiter, '"', '\r', '\n'].some((special) => text.includes(special))
    ? `"${text.replaceAll('"', '""')}"`
    : text;
