import { decodeText } from '../decode-text.js';

const BYTES = 256;

/** Byte of each character of a single-byte encoding; undefined for other encodings. */
function singleByteTable(encoding: string): Map<string, number> | undefined {
  const table = new Map<string, number>();
  for (let byte = 0; byte < BYTES; byte += 1) {
    const character = decodeText(Uint8Array.of(byte), encoding, { fatal: false, complete: true });
    if (character.length !== 1 || character === '\ufffd') return undefined;
    table.set(character, byte);
  }
  return table;
}

/** Makes bytes of text in the encoding it was decoded from; UTF-8 where Node cannot encode that one. */
export function textEncoder(encoding: string): (utf8: Buffer) => Buffer {
  if (encoding === 'utf-8') return (utf8) => utf8;
  if (encoding === 'utf-16le') return (utf8) => Buffer.from(utf8.toString('utf8'), 'utf16le');
  if (encoding === 'utf-16be') return (utf8) => Buffer.from(utf8.toString('utf8'), 'utf16le').swap16();
  const table = singleByteTable(encoding);
  if (table === undefined) return (utf8) => utf8;
  return (utf8) =>
    Buffer.from(Array.from(utf8.toString('utf8'), (character) => table.get(character) ?? 0x3f));
}
