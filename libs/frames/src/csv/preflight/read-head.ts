import { open } from 'node:fs/promises';
import { PREFLIGHT_BYTES } from './preflight.js';

/** The part of a local file that a preflight looks at. */
export async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PREFLIGHT_BYTES), 0, PREFLIGHT_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
