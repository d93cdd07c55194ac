import { chunksOf } from './chunks.js';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Byte at which the physical line begins that `lines` lines stand before; CRLF, LF and CR each end one. */
export function lineStart(path: string, start: number, lines: number): number {
  let position = start;
  let missing = lines;
  let afterReturn = false;
  if (missing === 0) return position;
  for (const chunk of chunksOf(path, start)) {
    for (const byte of chunk) {
      const endsReturn = afterReturn && byte === LINE_FEED;
      if (missing === 0 && !endsReturn) return position;
      position += 1;
      if (!endsReturn && (byte === LINE_FEED || byte === CARRIAGE_RETURN)) missing -= 1;
      afterReturn = byte === CARRIAGE_RETURN;
    }
  }
  return position;
}
