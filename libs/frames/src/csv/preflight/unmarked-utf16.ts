import { decodeText } from '../decode-text.js';

const ENCODINGS = ['utf-16le', 'utf-16be'] as const;
/** Enough to tell; what is text so far is text. */
const LOOKED_AT_BYTES = 64 * 1024;
const SEPARATOR = /[,;\t|]/;
const LINE_END = /[\r\n]/;
// Control characters, private use and what is assigned to no character: a wrong byte order gives such.
const NO_TEXT = /[\p{Co}\p{Cn}]|(?![\t\r\n])\p{Cc}/u;

/** UTF-16 without a byte order mark: both bytes of a pair make text with cells and lines in one order alone. */
export function unmarkedUtf16(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (!head.includes(0)) return undefined;
  const looked = head.subarray(0, Math.min(head.length, LOOKED_AT_BYTES) & ~1);
  return ENCODINGS.find((encoding) => {
    try {
      const text = decodeText(looked, encoding, { fatal: true, complete: false });
      return SEPARATOR.test(text) && LINE_END.test(text) && !NO_TEXT.test(text);
    } catch {
      return false;
    }
  });
}
