const REPLACEMENT = Buffer.from('\u{FFFD}');

/** Whether U+FFFD stands in UTF-8 bytes, also where the end of a chunk cuts it. */
export class ReplacementSearch {
  found = false;
  private tail = Buffer.alloc(0);

  /** Chunks must follow each other without a gap. */
  push(chunk: Buffer): void {
    if (this.found) return;
    const seam = Buffer.concat([this.tail, chunk.subarray(0, REPLACEMENT.length - 1)]);
    this.found = seam.includes(REPLACEMENT) || chunk.includes(REPLACEMENT);
    this.tail = Buffer.from(chunk.subarray(1 - REPLACEMENT.length));
  }
}
