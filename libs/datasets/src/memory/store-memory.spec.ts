import { describe, expect, it } from 'vitest';
import { rememberedOf, withRemembered } from './store-memory.js';

const said = (roles: Record<string, string | null>, columns = {}) => ({ roles, columns });

describe('what a store remembers of a file', () => {
  it('is what was said of columns of its names, by the names it has', () => {
    const memory = [said({ shopperId: 'Kunden Code', amount: 'Netto' }, { Netto: { decimal: ',' } })];
    expect(rememberedOf(['KUNDEN_CODE', 'Netto', 'x'], memory)).toEqual({
      roles: { shopperId: 'KUNDEN_CODE', amount: 'Netto' },
      columns: { Netto: { decimal: ',' } },
    });
    expect(rememberedOf(['kunden code', 'KundenCode'], memory)).toEqual({ roles: {}, columns: {} });
    expect(rememberedOf(['x'], memory)).toEqual({ roles: {}, columns: {} });
  });

  it('is the latest word, and no role that was only remembered itself', () => {
    const memory = [
      { ...said({ shopperId: 'b', amount: 'c' }), remembered: ['amount'] },
      said({ shopperId: 'a', amount: 'd' }),
    ];
    expect(rememberedOf(['a', 'b', 'c', 'd'], memory).roles).toEqual({ shopperId: 'b', amount: 'd' });
  });

  it('gives a column one role, and takes roles away from files of the same columns alone', () => {
    const memory = [said({ shopperId: 'a', product: null }), said({ amount: 'a' })];
    expect(rememberedOf(['a', 'z'], memory).roles).toEqual({ shopperId: 'a', product: null });
    expect(rememberedOf(['z'], memory).roles).toEqual({});
  });

  it('knows nothing of names that files of the dataset have for its columns', () => {
    expect(rememberedOf(['a'], [said({}, { a: { as: 'b' } })]).columns).toEqual({});
  });

  it('counts only where the dataset is silent', () => {
    const remembered = { roles: { shopperId: 'a', amount: 'b' }, columns: { b: { type: 'text' as const } } };
    expect(withRemembered(said({ amount: 'a' }), remembered)).toEqual({
      roles: { amount: 'a' },
      columns: { b: { type: 'text' } },
      remembered: [],
    });
    expect(withRemembered(said({}), remembered)).toMatchObject({
      roles: { shopperId: 'a', amount: 'b' },
      remembered: ['shopperId', 'amount'],
    });
    const silent = said({ amount: 'a' });
    expect(withRemembered(silent, { roles: {}, columns: {} })).toBe(silent);
  });
});
