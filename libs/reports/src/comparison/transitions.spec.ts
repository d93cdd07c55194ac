import { describe, expect, it } from 'vitest';
import { nearestSegments } from './transitions.js';

describe('nearestSegments', () => {
  it('takes the segment that shares most shoppers, measured by those in both over those in either', () => {
    const transitions = [
      { from: 0, to: 1, count: 10 },
      { from: 1, to: 1, count: 12 },
      { from: 1, to: 0, count: 60 },
    ];
    expect(nearestSegments(transitions, [10, 100], [60, 25, 5])).toEqual([
      { index: 1, similarity: 0.6 },
      { index: 0, similarity: 10 / 25 },
      null,
    ]);
  });

  it('finds the same segments again, and the first of equally near ones', () => {
    const same = [0, 1].map((index) => ({ from: index, to: index, count: 7 }));
    expect(nearestSegments(same, [7, 7], [7, 7])).toEqual([
      { index: 0, similarity: 1 },
      { index: 1, similarity: 1 },
    ]);
    const halves = [1, 0].map((from) => ({ from, to: 0, count: 5 }));
    expect(nearestSegments(halves, [5, 5], [10])).toEqual([{ index: 0, similarity: 0.5 }]);
  });
});
