import { describe, expect, it } from 'vitest';
import { Random } from './random.js';

const draw = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => random.nextFraction());

describe('Random', () => {
  it('repeats itself for equal seeds and for no others', () => {
    const first = draw(new Random(7, 3, 1), 20);
    expect(draw(new Random(7, 3, 1), 20)).toEqual(first);
    for (const other of [new Random(8, 3, 1), new Random(7, 4, 1), new Random(7, 3, 2)]) {
      expect(draw(other, 20)).not.toEqual(first);
    }
  });

  it('is uniform in [0, 1)', () => {
    const values = draw(new Random(1), 100_000);
    const deciles = Array.from({ length: 10 }, (_, decile) =>
      values.filter((value) => Math.floor(value * 10) === decile),
    );
    // Standard deviation of a count: √(100,000 · 0.1 · 0.9) ≈ 95.
    for (const decile of deciles) {
      expect(Math.abs(decile.length - 10_000)).toBeLessThan(500);
    }
  });

  it('draws whole numbers below a bound', () => {
    const random = new Random(2);
    const drawn = new Set(Array.from({ length: 200 }, () => random.nextBelow(5)));
    expect([...drawn].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
  });
});
