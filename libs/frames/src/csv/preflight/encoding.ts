import { isAscii, isUtf8 } from 'node:buffer';
import { invalidParameter } from '@app/problems';
import { unmarkedUtf16 } from './unmarked-utf16.js';
import { WesternEvidence } from './western-evidence.js';

const UTF8_BOM = [0xef, 0xbb, 0xbf];
const UTF8_LONGEST = 4;

export interface DecidedEncoding {
  /** WHATWG label. */
  encoding: string;
  /** One sentence for people. */
  evidence: string;
}

const hasUtf8Bom = (head: Buffer): boolean => UTF8_BOM.every((byte, at) => head[at] === byte);

/** True where a byte order mark says UTF-16. */
const isMarkedUtf16 = (head: Buffer): boolean =>
  (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);

/** True where the bytes are UTF-16, marked or by their form. */
export const isUtf16 = (head: Buffer): boolean => isMarkedUtf16(head) || unmarkedUtf16(head) !== undefined;

/** `head` without the bytes of a character that its end cuts in two. */
function wholeCharacters(head: Buffer): Buffer {
  for (let back = 1; back < UTF8_LONGEST && back <= head.length; back += 1) {
    const byte = head[head.length - back] ?? 0;
    if (byte >= 0xc0) return head.subarray(0, head.length - back);
    if (byte < 0x80) return head;
  }
  return head;
}

/** The WHATWG name of an encoding. @throws Problem invalid_parameter for a label nobody knows */
export function knownLabel(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    throw invalidParameter('encoding', `"${label}" is no known encoding.`);
  }
}

/** Bytes of the byte order mark that belongs to an encoding. */
export function bomBytesOf(encoding: string, head: Buffer): number {
  if (encoding === 'utf-8') return hasUtf8Bom(head) ? UTF8_BOM.length : 0;
  return encoding.startsWith('utf-16') && isMarkedUtf16(head) ? 2 : 0;
}

/** What a byte order mark, or the form of UTF-16, says; undefined where all bytes have to be looked at. */
export function evidentEncoding(head: Buffer): DecidedEncoding | undefined {
  if (hasUtf8Bom(head))
    return { encoding: 'utf-8', evidence: 'The file begins with the byte order mark of UTF-8.' };
  if (isMarkedUtf16(head)) {
    const encoding = head[0] === 0xff ? 'utf-16le' : 'utf-16be';
    return { encoding, evidence: `The file begins with the byte order mark of ${encoding.toUpperCase()}.` };
  }
  const unmarked = unmarkedUtf16(head);
  return unmarked === undefined
    ? undefined
    : {
        encoding: unmarked,
        evidence: 'Every second byte of the plain characters is zero, and no mark stands before them.',
      };
}

/**
 * The encoding of a text by its head: a byte order mark, else what its bytes can be.
 * @param complete false where `head` may end within a character
 * @throws Problem invalid_parameter for a fallback nobody knows
 */
export function detectEncoding(head: Buffer, complete: boolean, fallback: string): DecidedEncoding {
  const evident = evidentEncoding(head);
  if (evident !== undefined) return evident;
  const whole = complete ? head : wholeCharacters(head);
  if (isAscii(whole)) return { encoding: 'utf-8', evidence: 'All bytes are ASCII.' };
  if (isUtf8(whole)) return { encoding: 'utf-8', evidence: 'All bytes are UTF-8.' };
  const inspection = new LineInspection();
  inspection.push(whole);
  return inspection.decide(fallback);
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Lines beyond ASCII, by whether they are UTF-8, and what else the bytes prove: for a file that is not wholly UTF-8. */
export class LineInspection {
  private utf8Lines = 0;
  private brokenLines = 0;
  private open: Buffer[] = [];
  private openBytes = 0;
  private readonly western = new WesternEvidence();

  /** Chunks must follow each other without a gap; a line longer than a chunk is looked at in pieces. */
  push(chunk: Buffer): void {
    this.western.push(chunk);
    let from = 0;
    while (from < chunk.length) {
      const end = endOfLine(chunk, from);
      const piece = chunk.subarray(from, end);
      if (end === chunk.length && this.openBytes < chunk.length) {
        this.open.push(Buffer.from(piece));
        this.openBytes += piece.length;
      } else this.line(this.openBytes === 0 ? piece : Buffer.concat([...this.open, piece]));
      from = end + 1;
    }
  }

  /** What the file is read as, the line that is still open included. */
  decide(fallback: string): DecidedEncoding {
    this.line(Buffer.concat(this.open));
    const { utf8Lines, brokenLines } = this;
    if (utf8Lines > brokenLines) {
      const evidence = `${utf8Lines} lines beyond ASCII are UTF-8, ${brokenLines} are damaged: those records are rejected.`;
      return { encoding: 'utf-8', evidence };
    }
    const encoding = knownLabel(fallback);
    const evidence = `No UTF-8, and nothing in the bytes tells more; ${encoding} is what such files are read as.`;
    return this.western.decide(encoding) ?? { encoding, evidence };
  }

  private line(line: Buffer): void {
    this.open = [];
    this.openBytes = 0;
    if (isAscii(line)) return;
    if (isUtf8(line)) this.utf8Lines += 1;
    else this.brokenLines += 1;
  }
}

function endOfLine(chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length; at += 1) {
    const byte = chunk[at];
    if (byte === LINE_FEED || byte === CARRIAGE_RETURN) return at;
  }
  return chunk.length;
}
