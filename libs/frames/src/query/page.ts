import type { FrameManifestEntry } from '../model/manifest.js';
import type { VisibleSet, VisibleUpload } from './visible-set.js';

/** Frames of one upload, with the rows of it that are wanted. */
export interface UploadRows {
  upload: VisibleUpload;
  frames: FrameManifestEntry[];
  /** Numbers `[from, to)` of the rows; undefined for those that `numbers` names. */
  range?: { from: number; to: number };
  numbers?: number[];
}

const overlaps = ({ firstRow, rows }: FrameManifestEntry, from: number, to: number): boolean =>
  firstRow < to && firstRow + rows > from;

/** Where rows `[offset, offset + size)` of a set stand in natural order: uploads by ordinal, then row numbers. */
export function naturalPage(visible: VisibleSet, offset: number, size: number): UploadRows[] {
  const parts: UploadRows[] = [];
  let before = 0;
  for (const upload of visible.uploads) {
    const from = Math.max(0, offset - before);
    const to = Math.min(upload.rowCount, offset + size - before);
    if (from < to) {
      const frames = upload.manifest.filter((frame) => overlaps(frame, from, to));
      parts.push({ upload, frames, range: { from, to } });
    }
    before += upload.rowCount;
  }
  return parts;
}

/** Where given rows stand: only the frames that hold one of them. */
export function framesOfRows(
  visible: VisibleSet,
  keys: readonly { upload: number; n: number }[],
): UploadRows[] {
  return visible.uploads.flatMap((upload) => {
    const numbers = keys.filter((key) => key.upload === upload.ordinal).map(({ n }) => n);
    if (numbers.length === 0) return [];
    const frames = upload.manifest.filter((frame) => numbers.some((n) => overlaps(frame, n, n + 1)));
    return [{ upload, frames, numbers }];
  });
}
