import { closeSync, openSync, writeSync } from 'node:fs';

const BUFFER_BYTES = 256 * 1024;

/** Writes a new file in large pieces. For worker threads: everything is synchronous. */
export class BufferedFile {
  private readonly file: number;
  private parts: Uint8Array[] = [];
  private pending = 0;

  constructor(readonly path: string) {
    this.file = openSync(path, 'wx', 0o600);
  }

  /** Takes a copy of bytes. */
  write(bytes: Uint8Array | string): void {
    const part = Buffer.from(bytes as Uint8Array);
    this.parts.push(part);
    this.pending += part.length;
    if (this.pending >= BUFFER_BYTES) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    const bytes = Buffer.concat(this.parts, this.pending);
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.file, bytes, written);
    }
    this.parts = [];
    this.pending = 0;
  }
}
