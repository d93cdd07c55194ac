import { describe, expect, it } from 'vitest';
import type { VisibleSet, VisibleUpload } from '../visible-set.js';
import { piecesOf } from './pieces.js';

const upload = (ordinal: number, frames: number): VisibleUpload => ({
  uploadId: `u${ordinal}`,
  revision: 1,
  ordinal,
  mode: 'append',
  rowCount: frames * 10,
  columns: [],
  manifest: Array.from({ length: frames }, (_, seq) => ({
    seq,
    firstRow: seq * 10,
    rows: 10,
    bytes: 1,
    sha256: '',
  })),
});
const setOf = (...uploads: VisibleUpload[]): VisibleSet => ({
  id: '',
  timezone: 'UTC',
  columns: [],
  rowCount: 0,
  uploads,
});

describe('the pieces of an export', () => {
  it('begin small and hold every frame once, in order, each of one upload', () => {
    const pieces = piecesOf(setOf(upload(1, 9), upload(3, 1), upload(4, 5)));
    expect(pieces.map(({ upload: { ordinal }, frames }) => [ordinal, frames.map(({ seq }) => seq)])).toEqual([
      [1, [0]],
      [1, [1, 2]],
      [1, [3, 4, 5, 6]],
      [1, [7, 8]],
      [3, [0]],
      [4, [0, 1, 2, 3]],
      [4, [4]],
    ]);
  });

  it('are none where there is nothing', () => {
    expect(piecesOf(setOf())).toEqual([]);
    expect(piecesOf(setOf(upload(1, 0)))).toEqual([]);
  });
});
