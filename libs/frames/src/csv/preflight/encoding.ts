import { isUtf8 } from 'node:buffer';
import { invalidParameter } from '@app/problems';

const UTF8_BOM = [0xef, 0xbb, 0xbf];
const UTF8_LONGEST = 4;

const hasUtf8Bom = (head: Buffer): boolean => UTF8_BOM.every((byte, at) => head[at] === byte);

/** True where a byte order mark says UTF-16. */
export const isUtf16 = (head: Buffer): boolean =>
  (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);

/** `head` without the bytes of a character that its end cuts in two. */
function wholeCharacters(head: Buffer): Buffer {
  for (let back = 1; back < UTF8_LONGEST && back <= head.length; back += 1) {
    const byte = head[head.length - back] ?? 0;
    if (byte >= 0xc0) return head.subarray(0, head.length - back);
    if (byte < 0x80) return head;
  }
  return head;
}

function knownLabel(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    throw invalidParameter('encoding', `"${label}" is no known encoding.`);
  }
}

/** Bytes of the byte order mark that belongs to an encoding. */
function bomBytesOf(encoding: string, head: Buffer): number {
  if (encoding === 'utf-8') return hasUtf8Bom(head) ? UTF8_BOM.length : 0;
  return encoding.startsWith('utf-16') && isUtf16(head) ? 2 : 0;
}

/**
 * The encoding of a text, from a byte order mark or its bytes.
 * @param complete false where `head` may end within a character
 * @throws Problem invalid_parameter for a label nobody knows
 */
export function detectEncoding(
  head: Buffer,
  complete: boolean,
  given: string | undefined,
  fallback: string,
): { encoding: string; bomBytes: number } {
  const encoding = given === undefined ? decide(head, complete, fallback) : knownLabel(given);
  return { encoding, bomBytes: bomBytesOf(encoding, head) };
}

function decide(head: Buffer, complete: boolean, fallback: string): string {
  if (hasUtf8Bom(head)) return 'utf-8';
  if (isUtf16(head)) return head[0] === 0xff ? 'utf-16le' : 'utf-16be';
  return isUtf8(complete ? head : wholeCharacters(head)) ? 'utf-8' : knownLabel(fallback);
}
