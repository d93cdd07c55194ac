import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Points } from '../points.js';
import { prepare } from './prepare.js';
import { quantileOfSorted } from './quantile.js';

const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/scikit-learn.json', import.meta.url), 'utf8'),
) as { points: number[][]; scaled: Record<'standardLog1p' | 'robust' | 'minmax', number[][]> };
const pointsOf = (rows: number[][]): Points => ({
  values: Float64Array.from(rows.flat()),
  count: rows.length,
  names: ['a', 'b', 'c'].slice(0, rows[0]?.length),
});
const firstRows = (points: Points): number[][] =>
  Array.from({ length: 5 }, (_, row) => Array.from(points.values.subarray(3 * row, 3 * row + 3)));
const close = (rows: number[][]): unknown[][] =>
  rows.map((row) => row.map((value) => expect.closeTo(value, 12)));

describe('prepare', () => {
  it('scales as scikit-learn does', () => {
    const points = pointsOf(fixture.points);
    const positive = pointsOf(fixture.points.map((row) => row.map(Math.abs)));
    expect(firstRows(prepare(positive, 'log1p', 'standard').points)).toEqual(
      close(fixture.scaled.standardLog1p),
    );
    expect(firstRows(prepare(points, 'none', 'robust').points)).toEqual(close(fixture.scaled.robust));
    expect(firstRows(prepare(points, 'none', 'minmax').points)).toEqual(close(fixture.scaled.minmax));
  });

  it('leaves values alone with none and none', () => {
    const points = pointsOf(fixture.points);
    expect(prepare(points, 'none', 'none').points.values).toEqual(points.values);
  });

  it('does not take the logarithm of a feature with negative values', () => {
    const { features, points } = prepare(
      pointsOf([
        [1, -1],
        [3, 1],
      ]),
      'log1p',
      'none',
    );
    expect(features.map(({ transform }) => transform)).toEqual(['log1p', 'none']);
    expect(Array.from(points.values)).toEqual([Math.log1p(1), -1, Math.log1p(3), 1]);
  });

  it('makes a constant feature weigh nothing', () => {
    const { features, points } = prepare(
      pointsOf([
        [0.1, 1],
        [0.1, 2],
        [0.1, 3],
      ]),
      'log1p',
      'standard',
    );
    expect(features[0]).toMatchObject({ constant: true, scale: 1 });
    expect([0, 2, 4].map((at) => points.values[at])).toEqual([0, 0, 0]);
  });

  it('falls back to scale 1 where the quartiles meet', () => {
    const { features } = prepare(pointsOf([[1], [1], [1], [1], [9]]), 'none', 'robust');
    expect(features[0]).toMatchObject({ centre: 1, scale: 1, constant: false });
  });
});

describe('quantileOfSorted', () => {
  it('interpolates between ranks', () => {
    const sorted = Float64Array.of(1, 2, 3, 10);
    expect([0, 0.25, 0.5, 1].map((share) => quantileOfSorted(sorted, share))).toEqual([1, 1.75, 2.5, 10]);
    expect(quantileOfSorted(new Float64Array(), 0.5)).toBeNaN();
  });
});
