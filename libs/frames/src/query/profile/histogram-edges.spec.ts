import { describe, expect, it } from 'vitest';
import { equalEdges, wholeEdges } from './histogram-edges.js';

describe('edges of a histogram', () => {
  it('are equally far from each other and end at the greatest value', () => {
    expect(equalEdges(0, 1, 4)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(equalEdges(0.1, 0.7, 3).at(-1)).toBe(0.7);
    expect(equalEdges(5, 5, 20)).toEqual([5, 5]);
  });

  it.each([
    [1, 1, [1, 1]],
    [1, 3, [1, 2, 3, 3]],
    [1, 4, [1, 2, 3, 4, 4]],
    [1, 5, [1, 3, 5, 5]],
    [-12, 23, [-12, -3, 6, 15, 23]],
  ])('of whole numbers from %i to %i hold equally many of them', (least, greatest, edges) => {
    expect(wholeEdges(least, greatest, 4)).toEqual(edges);
  });
});
