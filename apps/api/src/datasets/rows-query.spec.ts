import { describe, expect, it } from 'vitest';
import { parseRowsQuery } from './rows-query.js';

const parse = (query: string, known: string[] = []) =>
  parseRowsQuery(new URLSearchParams(query), new Set(known));

describe('the query of rows', () => {
  it('begins at the first page', () => {
    expect(parse('')).toEqual({ page: 1, pageSize: 20, filters: [] });
  });

  it('reads filters with and without an operator', () => {
    expect(parse('filter[Country]=France&filter[Quantity][gte]=5').filters).toEqual([
      { column: 'Country', operator: 'eq', value: 'France' },
      { column: 'Quantity', operator: 'gte', value: '5' },
    ]);
  });

  it.each([
    ['__proto__', '__proto__'],
    ['a.b', 'a.b'],
    ['Unit%20Price%20%5B%C2%A3%5D', 'Unit Price [£]'],
    ['$where', '$where'],
  ])('takes the column name %s as it is', (written, column) => {
    expect(parse(`filter[${written}][ne]=1`).filters).toEqual([{ column, operator: 'ne', value: '1' }]);
  });

  it('prefers a column whose name looks like a name and an operator', () => {
    expect(parse('filter[a][eq]=1', ['a][eq']).filters).toEqual([
      { column: 'a][eq', operator: 'eq', value: '1' },
    ]);
  });

  it('takes names from lists and from repetitions, and one with a comma as one', () => {
    expect(parse('columns=a,b&columns=c', []).columns).toEqual(['a', 'b', 'c']);
    expect(parse('columns=Last%2C%20first', ['Last, first']).columns).toEqual(['Last, first']);
    expect(parse('ordering=-Last%2C%20first,b', ['Last, first', 'b']).ordering).toEqual([
      '-Last, first',
      'b',
    ]);
  });

  it('gives at most 1000 rows a page', () => {
    expect(parse('pageSize=5000').pageSize).toBe(1000);
  });

  it('takes links by their ids, and columns to split as they were given', () => {
    const [a, b] = ['019aa7c4-0000-7000-8000-000000000001', '019aa7c4-0000-7000-8000-000000000002'];
    const { include, split } = parse(`include=${a},${b}&split=a,b&split=c`);
    expect({ include, split }).toEqual({ include: [a, b], split: ['a,b', 'c'] });
    expect(() => parse('include=x')).toThrow(expect.objectContaining({ code: 'invalid_parameter' }));
    const many = (count: number): string => `include=${Array.from({ length: count }, () => a).join(',')}`;
    expect(parse(many(10)).include).toHaveLength(10);
    expect(() => parse(many(11))).toThrow(expect.objectContaining({ code: 'invalid_parameter' }));
  });

  it.each(['page=0', 'page=x', 'pageSize=-1', 'page=1&page=2', 'limit=5', 'filter=1', 'page=1.5'])(
    'refuses %s',
    (query) => {
      expect(() => parse(query)).toThrow(expect.objectContaining({ code: 'invalid_parameter' }));
    },
  );
});
