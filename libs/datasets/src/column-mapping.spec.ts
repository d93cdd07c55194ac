import { describe, expect, it } from 'vitest';
import {
  checkDistinctRoles,
  checkMappingNames,
  columnMappingSchema,
  effectiveMapping,
  NO_DECISIONS,
  replacingMapping,
  withMapping,
} from './column-mapping.js';

describe('a column mapping', () => {
  it.each([
    ['an unknown role', { roles: { buyer: 'A' } }],
    ['an unknown type', { columns: { A: { type: 'number' } } }],
    ['an unknown member', { role: {} }],
    ['a list', []],
  ])('is refused with %s', (_what, mapping) => {
    expect(columnMappingSchema.safeParse(mapping).success).toBe(false);
  });

  it('is refused where it names columns that the data lacks, all of them named', () => {
    const mapping = { roles: { shopperId: 'A' }, columns: { B: {}, C: {} } };
    expect(() => checkMappingNames(mapping, ['A'])).toThrow('"B", "C"');
    expect(() => checkMappingNames(mapping, ['A', 'B', 'C'])).not.toThrow();
  });

  it('is refused where one column plays two roles', () => {
    expect(() => checkDistinctRoles({ roles: { shopperId: 'A', orderId: 'A' } })).toThrow('two roles');
  });

  it('overrides what the data showed, and takes a column from the role proposed for it', () => {
    const decisions = withMapping(NO_DECISIONS, { roles: { amount: 'Price' } });
    expect(effectiveMapping({ unitPrice: 'Price', shopperId: 'Customer' }, decisions).roles).toEqual({
      shopperId: 'Customer',
      amount: 'Price',
    });
  });

  it('keeps a role that was taken away from being proposed again', () => {
    const decisions = replacingMapping(NO_DECISIONS, { roles: { shopperId: 'B' } }, { amount: 'A' });
    expect(effectiveMapping({ amount: 'A', quantity: 'Q' }, decisions).roles).toEqual({
      quantity: 'Q',
      shopperId: 'B',
    });
  });

  it('adds to earlier decisions and wins over them', () => {
    const earlier = withMapping(NO_DECISIONS, { columns: { A: { type: 'text' }, B: { type: 'integer' } } });
    expect(withMapping(earlier, { columns: { B: { type: 'decimal' } } }).columns).toEqual({
      A: { type: 'text' },
      B: { type: 'decimal' },
    });
  });
});
