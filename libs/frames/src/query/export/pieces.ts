import { FRAME_ROWS } from '../../csv/scan/frame-plan.js';
import type { FrameManifestEntry } from '../../model/manifest.js';
import type { VisibleSet, VisibleUpload } from '../visible-set.js';

/** Frames that are written together. */
export type Piece = { upload: VisibleUpload; frames: FrameManifestEntry[] }[];

/** As much as four full frames: beyond that nothing is faster, and memory is bounded by it. */
const MAX_WEIGHT = 4;
const MAX_FRAMES = 64;
/** What a full frame has stored at most, in most tables. */
const FRAME_BYTES = 2 * 1024 * 1024;

const weightOf = ({ rows, bytes }: FrameManifestEntry): number =>
  Math.max(rows / FRAME_ROWS, bytes / FRAME_BYTES);

/** A set in pieces, in the order of its rows. The first ones are small, so that whoever asks need not wait for them. */
export function piecesOf({ uploads }: VisibleSet): Piece[] {
  const pieces: Piece[] = [];
  let piece: Piece = [];
  let weight = 0;
  let frames = 0;
  for (const upload of uploads) {
    for (const frame of upload.manifest) {
      const allowed = Math.min(2 ** pieces.length, MAX_WEIGHT);
      if (frames > 0 && (weight + weightOf(frame) > allowed || frames === MAX_FRAMES)) {
        pieces.push(piece);
        [piece, weight, frames] = [[], 0, 0];
      }
      const last = piece.at(-1);
      if (last?.upload === upload) last.frames.push(frame);
      else piece.push({ upload, frames: [frame] });
      weight += weightOf(frame);
      frames += 1;
    }
  }
  return frames === 0 ? pieces : [...pieces, piece];
}
