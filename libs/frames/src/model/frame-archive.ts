import { mongo } from 'mongoose';
import type { Frame } from './frame.schema.js';

const LENGTH_BYTES = 4;
/** The largest document MongoDB takes, with what stands around it. */
const MAX_DOCUMENT_BYTES = 17 * 1024 ** 2;

/** A frame as mongodump writes it: its BSON, which begins with its length. */
export const archivedFrame = (frame: Frame): Uint8Array => mongo.BSON.serialize(frame);

/**
 * The frames of such a file.
 * @throws Error where it is cut off or no BSON
 */
export async function* readArchivedFrames(pieces: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    size += piece.length;
    if (size < LENGTH_BYTES) continue;
    let rest = Buffer.concat(waiting, size);
    for (let length = lengthOf(rest); length !== undefined; length = lengthOf(rest)) {
      if (rest.length < length) break;
      yield mongo.BSON.deserialize(rest.subarray(0, length), { promoteBuffers: true }) as Frame;
      rest = rest.subarray(length);
    }
    waiting = [rest];
    size = rest.length;
  }
  if (size > 0) throw new Error('The file of frames is cut off.');
}

function lengthOf(bytes: Buffer): number | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const length = bytes.readInt32LE(0);
  if (length <= LENGTH_BYTES || length > MAX_DOCUMENT_BYTES) throw new Error('This is no file of frames.');
  return length;
}
