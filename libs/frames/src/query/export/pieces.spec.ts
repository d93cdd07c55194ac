import { describe, expect, it } from 'vitest';
import type { VisibleSet, VisibleUpload } from '../visible-set.js';
import { piecesOf } from './pieces.js';

const FULL = 65_536;

const upload = (ordinal: number, frames: number, rows = FULL, bytes = 1): VisibleUpload => ({
  uploadId: `u${ordinal}`,
  revision: 1,
  ordinal,
  mode: 'append',
  rowCount: frames * rows,
  columns: [],
  manifest: Array.from({ length: frames }, (_, seq) => ({
    seq,
    firstRow: seq * rows,
    rows,
    bytes,
    sha256: '',
  })),
});
const framesOf = (...uploads: VisibleUpload[]): string[][] => {
  const visible: VisibleSet = { id: '', timezone: 'UTC', columns: [], rowCount: 0, uploads };
  return piecesOf(visible).map((piece) =>
    piece.flatMap((part) => part.frames.map(({ seq }) => `${part.upload.ordinal}.${seq}`)),
  );
};

describe('the pieces of an export', () => {
  it('begin small and hold every frame once, in order', () => {
    expect(framesOf(upload(1, 9), upload(3, 1), upload(4, 5))).toEqual([
      ['1.0'],
      ['1.1', '1.2'],
      ['1.3', '1.4', '1.5', '1.6'],
      ['1.7', '1.8', '3.0', '4.0'],
      ['4.1', '4.2', '4.3', '4.4'],
    ]);
  });

  it('hold many small uploads, but not any number', () => {
    const small = Array.from({ length: 100 }, (_, index) => upload(index + 1, 1, 10));
    expect(framesOf(...small).map(({ length }) => length)).toEqual([64, 36]);
  });

  it('hold fewer frames where these are large', () => {
    const pieces = framesOf(upload(1, 6, 1000, 4 * 1024 ** 2));
    expect(pieces.map(({ length }) => length)).toEqual([1, 1, 2, 2]);
  });

  it('are none where there is nothing', () => {
    expect(framesOf()).toEqual([]);
    expect(framesOf(upload(1, 0))).toEqual([]);
  });
});
