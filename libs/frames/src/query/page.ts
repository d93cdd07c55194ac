import type { FrameManifestEntry } from '../model/manifest.js';
import type { LocatedUpload } from './relation.js';
import type { VisibleSet, VisibleUpload } from './visible-set.js';

/** Frames of one upload, with the rows of it that are wanted. */
export interface UploadRows {
  upload: VisibleUpload;
  frames: FrameManifestEntry[];
  /**
   * Numbers `[from, to)` of the rows among the visible ones of the upload; undefined for those that `numbers` names.
   */
  range?: { from: number; to: number };
  numbers?: number[];
}

/** Rows of an upload that readers see. */
export const visibleRows = ({ rowCount, superseded }: VisibleUpload): number =>
  rowCount - (superseded?.rowCount ?? 0);

const overlaps = ({ firstRow, rows }: FrameManifestEntry, from: number, to: number): boolean =>
  firstRow < to && firstRow + rows > from;

/** Where rows `[offset, offset + size)` of a set stand in natural order: uploads by ordinal, then row numbers. */
export function naturalPage(visible: VisibleSet, offset: number, size: number): UploadRows[] {
  const parts: UploadRows[] = [];
  let before = 0;
  for (const upload of visible.uploads) {
    const from = Math.max(0, offset - before);
    const rows = visibleRows(upload);
    const to = Math.min(rows, offset + size - before);
    if (from < to) parts.push({ upload, frames: framesOfRange(upload, from, to), range: { from, to } });
    before += rows;
  }
  return parts;
}

/** Superseded rows may stand before any visible one, but no more of them than there are. */
const framesOfRange = (
  { manifest, superseded }: VisibleUpload,
  from: number,
  to: number,
): FrameManifestEntry[] =>
  manifest.filter((frame) => overlaps(frame, from, to + (superseded?.rowCount ?? 0)));

/** Where given rows stand, all of them visible: only the frames that hold one of them, in which nothing need be hidden. */
export function framesOfRows(
  visible: VisibleSet,
  keys: readonly { upload: number; n: number }[],
): UploadRows[] {
  return visible.uploads.flatMap((upload) => {
    const numbers = keys.filter((key) => key.upload === upload.ordinal).map(({ n }) => n);
    if (numbers.length === 0) return [];
    const frames = upload.manifest.filter((frame) => numbers.some((n) => overlaps(frame, n, n + 1)));
    const { superseded: _, ...whole } = upload;
    return [{ upload: whole, frames, numbers }];
  });
}

/** SQL condition that leaves the wanted rows of a located upload, over its relation. */
export function wantedRows({ range, numbers }: UploadRows, { upload, hidden }: LocatedUpload): string {
  const of = `upload = ${upload.ordinal}`;
  if (range === undefined) return `(${of} AND n IN (${(numbers ?? []).join(', ')}))`;
  const number = (position: number): number => hidden?.numberAt(position) ?? position;
  return `(${of} AND n >= ${number(range.from)} AND n <= ${number(range.to - 1)})`;
}
