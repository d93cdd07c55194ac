import { describe, expect, it } from 'vitest';
import { HABIT_FEATURES } from '../habits/features.js';
import { reasonOf } from './change.js';

const { recencyDays, frequency, monetary } = HABIT_FEATURES;

describe('reasonOf', () => {
  it('names the change that is largest in standard deviations', () => {
    const changes = [
      { feature: frequency, from: 5, to: 6, deviation: 4 },
      { feature: recencyDays, from: 31, to: 74, deviation: 20 },
      { feature: monetary, from: 1000, to: 1100.456, deviation: 900 },
    ];
    expect(reasonOf(changes, 'none')).toBe('recency 31 → 74 days');
    expect(reasonOf(changes.slice(2), 'none')).toBe('money spent 1,000 → 1,100.46');
    const paid = { ...monetary, unit: 'GBP' };
    expect(reasonOf([{ feature: paid, from: 1, to: 2.5, deviation: 1 }], 'log1p')).toBe(
      'money spent 1 → 2.5 GBP',
    );
  });

  it('compares on the scale of the report', () => {
    const changes = [
      { feature: monetary, from: 10_000, to: 12_000, deviation: 1 },
      { feature: frequency, from: 1, to: 3, deviation: 1 },
    ];
    expect(reasonOf(changes, 'log1p')).toBe('frequency 1 → 3 orders');
  });

  it('is silent where nothing has changed, and keeps the names of columns', () => {
    const age = { name: 'Age', label: 'Age', unit: '' };
    expect(reasonOf([{ feature: age, from: 3, to: 3, deviation: 1 }], 'none')).toBeNull();
    expect(reasonOf([{ feature: age, from: 3, to: 4, deviation: 0 }], 'none')).toBeNull();
    expect(reasonOf([{ feature: age, from: 3, to: 4, deviation: 1 }], 'none')).toBe('Age 3 → 4');
  });
});
