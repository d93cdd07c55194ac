import { describe, expect, it } from 'vitest';
import { drawnBins } from './drawn-bins';

const all = [
  { from: -100, to: 0, count: 3 },
  { from: 0, to: 100, count: 7 },
];

describe('the bins of a histogram', () => {
  it('are those without the outliers, which are counted', () => {
    const typical = {
      below: 1,
      above: 2,
      histogram: [
        { from: 1, to: 3, count: 4 },
        { from: 3, to: 5, count: 3 },
      ],
    };
    expect(drawnBins({ type: 'integer', histogram: all, typical })).toEqual({
      bins: [
        { first: 1, last: 2, count: 4 },
        { first: 3, last: 5, count: 3 },
      ],
      least: 1,
      greatest: 5,
      below: 1,
      above: 2,
    });
    expect(drawnBins({ type: 'decimal', histogram: all, typical })?.bins[0]?.last).toBe(3);
  });

  it('are all where one value makes outliers of the others', () => {
    const typical = { below: 1, above: 2, histogram: [{ from: 0, to: 0, count: 7 }] };
    expect(drawnBins({ type: 'integer', histogram: all, typical })).toMatchObject({
      bins: [{ count: 3 }, { count: 7 }],
      least: -100,
      greatest: 100,
      below: 0,
      above: 0,
    });
  });

  it('are none of what is no number', () => {
    expect(drawnBins({ type: 'text', histogram: null, typical: null })).toBeNull();
  });
});
