/** Encodings of Western Europe that differ in a few characters only, so that the bytes can tell them apart. */
const WESTERN = ['windows-1252', 'iso-8859-15'] as const;

const EURO = 0xa4;
// Š š ž Œ œ in ISO-8859-15; ¦ ¨ ¸ ¼ ½ in windows-1252, where they stand beside letters nowhere.
const LETTERS = new Set([0xa6, 0xa8, 0xb8, 0xbc, 0xbd]);
const DIGIT_ZERO = 0x30;
const DIGIT_NINE = 0x39;
const FIRST_ACCENTED = 0xc0;

const isDigit = (byte: number): boolean => byte >= DIGIT_ZERO && byte <= DIGIT_NINE;
const isLetter = (byte: number): boolean =>
  byte >= FIRST_ACCENTED || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

/** Bytes that tell two encodings apart, counted over chunks of a text that is no UTF-8. */
export class WesternEvidence {
  /** Bytes 80–9F: quotation marks, dashes and the euro in windows-1252, nothing that prints in ISO-8859-15. */
  windows = 0;
  /** Currency signs, and letters where windows-1252 has fractions and signs. */
  latin9 = 0;
  private before = 0;

  /** Chunks must follow each other without a gap; a character at the very end of one is not looked at. */
  push(chunk: Uint8Array): void {
    const { length } = chunk;
    for (let at = 0; at < length; at += 1) {
      const byte = chunk[at] as number;
      if (byte >= 0x80 && byte < FIRST_ACCENTED) {
        if (byte < 0xa0) this.windows += 1;
        else if (byte === EURO) this.latin9 += 1;
        else if (LETTERS.has(byte) && at + 1 < length) {
          const before = at === 0 ? this.before : (chunk[at - 1] as number);
          const after = chunk[at + 1] as number;
          if (!isDigit(before) && (isLetter(before) || isLetter(after))) this.latin9 += 1;
        }
      }
    }
    if (length > 0) this.before = chunk[length - 1] as number;
  }

  /** The encoding that the bytes prove; undefined where both read the same, or neither is meant. */
  decide(fallback: string): { encoding: string; evidence: string } | undefined {
    if (!WESTERN.some((encoding) => encoding === fallback)) return undefined;
    if (this.windows > 0) {
      return {
        encoding: 'windows-1252',
        evidence: `No UTF-8; ${this.windows} bytes from 80 to 9F are characters in windows-1252 alone.`,
      };
    }
    if (this.latin9 === 0) return undefined;
    return {
      encoding: 'iso-8859-15',
      evidence: `No UTF-8; ${this.latin9} bytes are the euro sign or letters within words in ISO-8859-15 alone.`,
    };
  }
}
