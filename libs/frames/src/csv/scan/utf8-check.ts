import { isUtf8 } from 'node:buffer';

const FIRST_NON_ASCII = 0x80;
const FIRST_LEAD = 0xc0;
const LONGEST_CHARACTER = 4;

/** Whether the bytes pushed so far are UTF-8, also where the end of a chunk cuts a character. */
export class Utf8Check {
  private valid = true;
  private open = Buffer.alloc(0);

  push(chunk: Buffer): void {
    if (!this.valid) return;
    const bytes = this.open.length === 0 ? chunk : Buffer.concat([this.open, chunk]);
    const whole = bytes.length - openBytes(bytes);
    this.valid = isUtf8(bytes.subarray(0, whole));
    this.open = Buffer.from(bytes.subarray(whole));
  }

  /** True where everything was UTF-8 and no character is left open. */
  finish(): boolean {
    return this.valid && this.open.length === 0;
  }
}

/** Number of bytes at the end that begin a character without ending it. */
function openBytes(bytes: Buffer): number {
  for (let back = 1; back < LONGEST_CHARACTER && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < FIRST_NON_ASCII) return 0;
    if (byte >= FIRST_LEAD) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
