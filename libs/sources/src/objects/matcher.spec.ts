import { describe, expect, it } from 'vitest';
import { matcherOf } from './matcher.js';

describe('a pattern', () => {
  it.each([
    ['**', 'a.csv', true],
    ['**', 'a/b/c.zip', true],
    ['*.csv', 'a.csv', true],
    ['*.csv', 'a.csv.gz', false],
    ['*.csv', 'a/b.csv', false],
    ['**/*.csv', 'b.csv', true],
    ['**/*.csv', 'a/b/c.csv', true],
    ['2026/**/*.csv', '2026/b.csv', true],
    ['2026/**/*.csv', '2025/b.csv', false],
    ['a/**/b/**/c.csv', 'a/x/b/y/b/z/c.csv', true],
    ['sales-?.csv', 'sales-1.csv', true],
    ['sales-?.csv', 'sales-12.csv', false],
    ['*.{csv,zip}', 'a.zip', true],
    ['*.{csv,zip}', 'a.txt', false],
    ['{a,b}/*.{csv,csv.gz}', 'b/1.csv.gz', true],
    ['a.csv', 'aXcsv', false],
    ['*-*-*.csv', '2026-01-02.csv', true],
    ['', 'a', false],
  ])('%s fits %s: %s', (pattern, key, expected) => {
    expect(matcherOf(pattern)(key)).toBe(expected);
  });

  it('takes a moment, whatever it is', () => {
    const matches = matcherOf(`${'*a'.repeat(90)}b`);
    const begun = performance.now();
    for (let round = 0; round < 100; round += 1) expect(matches('a'.repeat(1000))).toBe(false);
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it.each(['x'.repeat(201), '{a,b}'.repeat(7)])('may not be %s', (pattern) => {
    expect(() => matcherOf(pattern)).toThrow(/^pattern: at most/);
  });

  it.each(['x'.repeat(200), '{a,b}'.repeat(6)])('may be %s', (pattern) => {
    expect(() => matcherOf(pattern)).not.toThrow();
  });
});
