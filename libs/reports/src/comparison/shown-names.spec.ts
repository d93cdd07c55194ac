import { describe, expect, it } from 'vitest';
import type { Continuation, ReportEntity } from '../report.entity.js';
import { shownNames } from './shown-names.js';

const from = (name: string, similarity: number): Continuation => ({
  reportId: 'earlier',
  index: 0,
  label: `label of ${name}`,
  name,
  similarity,
});

const shown = (labels: string[], continues: (Continuation | null)[] | null, groupBy: string | null = null) =>
  shownNames({
    outcome: { segments: labels.map((label) => ({ label })) },
    continues,
    params: { groupBy },
  } as unknown as ReportEntity);

describe('shownNames', () => {
  it('are those that the same people had before', () => {
    expect(shown(['Champions', 'Promising'], [from('Loyal', 0.51), from('Dormant', 0.5)])).toEqual([
      'Loyal',
      'Promising',
    ]);
    expect(shown(['Champions'], null)).toEqual(['Champions']);
  });

  it('are never two alike', () => {
    const continues = [null, from('Champions', 0.9), from('Champions (new)', 0.8)];
    expect(shown(['Champions', 'Loyal', 'Dormant'], continues)).toEqual([
      'Champions (new 2)',
      'Champions',
      'Champions (new)',
    ]);
  });

  it('of groups that were given are those that were given', () => {
    expect(shown(['Spain'], [from('France', 0.9)], 'Country')).toEqual(['Spain']);
  });
});
