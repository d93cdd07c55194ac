import type { FrameManifestEntry } from '../../model/manifest.js';
import type { VisibleSet, VisibleUpload } from '../visible-set.js';

/** Frames of one upload that are written together. */
export interface Piece {
  upload: VisibleUpload;
  frames: FrameManifestEntry[];
}

/** Beyond that nothing is faster, and memory is bounded by it. */
const MAX_FRAMES = 4;

/** A set in pieces, in the order of its rows. The first ones are small, so that whoever asks need not wait for them. */
export function piecesOf({ uploads }: VisibleSet): Piece[] {
  const pieces: Piece[] = [];
  let size = 1;
  for (const upload of uploads) {
    for (let from = 0; from < upload.manifest.length; size = Math.min(size * 2, MAX_FRAMES)) {
      const frames = upload.manifest.slice(from, from + size);
      pieces.push({ upload, frames });
      from += frames.length;
    }
  }
  return pieces;
}
