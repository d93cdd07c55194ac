import { describe, expect, it } from 'vitest';
import { blocksOfPage, type RowBlock, withinBlocks } from './row-blocks.js';

const block = (from: number, matches: number): RowBlock => ({ upload: 1, from, to: from + 10, matches });
const BLOCKS = [block(0, 3), block(10, 2), block(30, 5)];

describe('the blocks of a page', () => {
  it.each([
    [0, 3, [0], 0],
    [0, 4, [0, 10], 0],
    [2, 1, [0], 0],
    [3, 2, [10], 3],
    [2, 8, [0, 10, 30], 0],
    [4, 2, [10, 30], 3],
    [9, 5, [30], 5],
    [10, 5, [], 10],
  ])('of offset %i and %i rows', (offset, size, from, skipped) => {
    const found = blocksOfPage(BLOCKS, offset, size);
    expect([found.blocks.map((each) => each.from), found.skipped]).toEqual([from, skipped]);
  });

  it('are named by their rows', () => {
    expect(withinBlocks(BLOCKS.slice(0, 2))).toBe(
      '((upload = 1 AND n >= 0 AND n < 10) OR (upload = 1 AND n >= 10 AND n < 20))',
    );
  });
});
