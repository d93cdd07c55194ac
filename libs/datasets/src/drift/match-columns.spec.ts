import { describe, expect, it } from 'vitest';
import { DriftProblem } from './column-drift.js';
import { type Expectations, matchColumns } from './match-columns.js';

const EXISTING = ['CustomerID', 'Price', 'Note'];

const match = (file: string[], expected: Partial<Expectations> = {}) =>
  matchColumns(file, {
    existing: EXISTING,
    given: {},
    remembered: {},
    roles: {},
    keyColumns: [],
    ...expected,
  });

const changes = ({ drift }: { drift: readonly { column: string; change: string }[] }): string[] =>
  drift.map(({ column, change }) => `${column} ${change}`);

const refusal = (file: string[], expected: Partial<Expectations> = {}): string[] => {
  try {
    match(file, expected);
  } catch (error) {
    if (error instanceof DriftProblem) return changes(error);
    throw error;
  }
  throw new Error('the file was taken');
};

const calledAs = (target: string): Partial<Expectations> => ({
  given: { columns: { Note: {}, X: { as: target } } },
});

describe('columns of a later file', () => {
  it('are those of the same name, in any order', () => {
    expect(match(['Note', 'Price', 'CustomerID'])).toEqual({
      names: ['Note', 'Price', 'CustomerID'],
      drift: [],
    });
  });

  it('are free where the dataset has none', () => {
    expect(match(['x'], { existing: [] })).toEqual({ names: ['x'], drift: [] });
  });

  it('may differ in case, spaces and punctuation', () => {
    const matched = match(['customer id', 'PRICE', 'note']);
    expect(matched.names).toEqual(EXISTING);
    expect(changes(matched)).toEqual(['CustomerID renamed', 'Price renamed', 'Note renamed']);
  });

  it('are not guessed where two names are alike', () => {
    expect(refusal(['a-b'], { existing: ['a b', 'a_b'] })).toContain('a-b extra');
  });

  it('are renamed by the mapping, by one that is remembered, or by a role', () => {
    const file = ['Client', 'Price', 'Note'];
    const ways: Partial<Expectations>[] = [
      { given: { columns: { Client: { as: 'CustomerID' } } } },
      { remembered: { Client: { as: 'CustomerID' } } },
      { given: { roles: { shopperId: 'Client' } }, roles: { shopperId: 'CustomerID' } },
    ];
    for (const way of ways) {
      expect(match(file, way).names).toEqual(EXISTING);
      expect(changes(match(file, way))).toEqual(['CustomerID renamed']);
    }
  });

  it('may be new, or lacking where nothing depends on them', () => {
    expect(changes(match([...EXISTING, 'Region']))).toEqual(['Region extra']);
    expect(changes(match(['CustomerID', 'Price']))).toEqual(['Note missing']);
  });

  it('are refused where one that is missing may be one that is new, unless somebody said that it is not', () => {
    const file = ['CustomerID', 'Price', 'Remark'];
    expect(refusal(file)).toEqual(['Remark extra', 'Note missing']);
    expect(changes(match(file, { given: { columns: { Remark: {} } } }))).toEqual([
      'Remark extra',
      'Note missing',
    ]);
  });

  it('are refused where one with a role or of the key is missing', () => {
    expect(refusal(['Price', 'Note'], { roles: { shopperId: 'CustomerID' } })).toEqual([
      'CustomerID missing',
    ]);
    expect(refusal([...EXISTING, 'Region'], { keyColumns: ['Region'] })).toEqual(['Region extra']);
    expect(match(['customerid', 'Price', 'Note'], { keyColumns: ['customerid'] }).names).toEqual(EXISTING);
  });

  it('are refused where the mapping names a column that the dataset lacks or the file has', () => {
    expect(refusal([...EXISTING, 'X'], calledAs('Nowhere'))).toEqual(['Nowhere renamed']);
    expect(refusal([...EXISTING, 'X'], calledAs('Price'))).toEqual(['Price renamed']);
  });

  it('keep names like __proto__ apart', () => {
    expect(match(['__proto__', 'constructor'], { existing: ['constructor', '__proto__'] }).drift).toEqual([]);
    expect(changes(match([...EXISTING, 'constructor']))).toEqual(['constructor extra']);
  });
});
