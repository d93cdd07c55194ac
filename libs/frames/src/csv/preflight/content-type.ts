import { isUtf16 } from './encoding.js';

const startsWith = (head: Buffer, ...bytes: number[]): boolean =>
  bytes.every((byte, at) => head[at] === byte);

/** A file that starts with PK is a zip; what its first entries are called tells office documents apart. */
function zipKind(head: Buffer): string {
  const names = head.subarray(0, 4096).toString('latin1');
  if (names.includes('xl/')) return 'an Excel workbook (xlsx)';
  if (names.includes('[Content_Types].xml')) return 'an Office document';
  if (names.includes('mimetypeapplication/vnd.oasis.opendocument')) return 'an OpenDocument file';
  return 'a zip archive';
}

const SIGNATURES: readonly [name: string, ...bytes: number[]][] = [
  ['a gzip archive', 0x1f, 0x8b],
  ['a PNG image', 0x89, 0x50, 0x4e, 0x47],
  ['a JPEG image', 0xff, 0xd8, 0xff],
  ['a GIF image', 0x47, 0x49, 0x46, 0x38],
  ['a PDF document', 0x25, 0x50, 0x44, 0x46, 0x2d],
  ['an Excel workbook (xls)', 0xd0, 0xcf, 0x11, 0xe0],
  ['a program (ELF)', 0x7f, 0x45, 0x4c, 0x46],
  ['a 7z archive', 0x37, 0x7a, 0xbc, 0xaf],
  ['an xz archive', 0xfd, 0x37, 0x7a, 0x58, 0x5a],
  ['a zstd archive', 0x28, 0xb5, 0x2f, 0xfd],
  ['a rar archive', 0x52, 0x61, 0x72, 0x21, 0x1a],
  ['a Parquet file', 0x50, 0x41, 0x52, 0x31],
  ['an SQLite database', 0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66],
];

/**
 * What the bytes are where they are no text table, in words; undefined where they may be one.
 * @param encoding where a caller says it
 */
export function foreignContent(head: Buffer, encoding?: string): string | undefined {
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04) || startsWith(head, 0x50, 0x4b, 0x05, 0x06)) {
    return zipKind(head);
  }
  const signature = SIGNATURES.find(([, ...bytes]) => startsWith(head, ...bytes));
  if (signature !== undefined) return signature[0];
  if (encoding?.toLowerCase().startsWith('utf-16') !== true && !isUtf16(head) && head.includes(0)) {
    return startsWith(head, 0x4d, 0x5a) ? 'a Windows program (exe)' : 'binary data';
  }
  const text = head.subarray(0, 64).toString('latin1').trimStart().toLowerCase();
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) return 'an HTML page';
  return text.startsWith('<?xml') ? 'an XML document' : undefined;
}
