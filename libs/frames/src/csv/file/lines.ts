import { chunksOf } from './chunks.js';

const LINE_FEED = 0x0a;

/** The lines of a UTF-8 file whose lines end with LF, one at a time. */
export function* linesOf(path: string): Generator<string> {
  let open: Buffer = Buffer.alloc(0);
  for (const chunk of chunksOf(path)) {
    const bytes = Buffer.concat([open, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      yield bytes.toString('utf8', from, at);
      from = at + 1;
    }
    open = bytes.subarray(from);
  }
  if (open.length > 0) yield open.toString('utf8');
}
