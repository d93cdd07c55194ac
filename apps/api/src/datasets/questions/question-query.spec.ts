import { Problem } from '@app/problems';
import { describe, expect, it } from 'vitest';
import { parseExportQuery, parseStatsQuery, parseValuesQuery } from './question-query.js';

const KNOWN = new Set(['a', 'b', 'x, y', '__proto__', 'page']);
const of = (query: string): URLSearchParams => new URLSearchParams(query);

const exported = (query: string) => parseExportQuery(of(query), KNOWN);

describe('questions in a query string', () => {
  it('name columns by lists and by repetition, also those that hold commas', () => {
    expect(parseStatsQuery(of('column=a,x, y&column=b&groupBy=__proto__'), KNOWN)).toEqual({
      columns: ['a', 'x, y', 'b'],
      groupBy: ['__proto__'],
      page: 1,
      pageSize: 100,
      filters: [],
    });
    expect(parseExportQuery(of('columns=a&columns=b'), KNOWN).columns).toEqual(['a', 'b']);
  });

  it('ask for one column of values, whatever its name', () => {
    expect(parseValuesQuery(of('column=x, y&pageSize=999&search='), KNOWN)).toEqual({
      column: 'x, y',
      ordering: { by: 'count', direction: 'DESC' },
      page: 1,
      pageSize: 100,
      search: undefined,
      filters: [],
    });
    expect(parseValuesQuery(of('column=a&ordering=value'), KNOWN).ordering).toEqual({
      by: 'value',
      direction: 'ASC',
    });
  });

  it('take filters on columns that are called as parameters are', () => {
    expect(parseExportQuery(of('filter[page]=1&format=ndjson&raw=true'), KNOWN)).toEqual({
      format: 'ndjson',
      raw: true,
      include: [],
      split: [],
      filters: [{ column: 'page', operator: 'eq', value: '1' }],
    });
  });

  it('nest and split in JSON alone', () => {
    const id = '019aa7c4-0000-7000-8000-000000000001';
    expect(exported(`format=json&include=${id}&nest=true&split=a,b&split=c`)).toMatchObject({
      include: [id],
      split: ['a,b', 'c'],
    });
    for (const query of [`include=${id}`, `format=parquet&split=a`, `format=json&include=${id}&nest=false`]) {
      expect(() => exported(query)).toThrow(Problem);
    }
  });

  it.each([
    [parseStatsQuery, 'constructor=1'],
    [parseStatsQuery, 'filter[a]=1&'.repeat(51)],
    [parseStatsQuery, 'pageSize=-1'],
    [parseValuesQuery, 'search=x'],
    [parseValuesQuery, `column=a&search=${'x'.repeat(201)}`],
    [parseExportQuery, 'format=csv&format=csv'],
    [parseExportQuery, 'format=toString'],
    [parseExportQuery, 'search=x'],
  ])('%o refuses %s', (parse, query) => {
    expect(() => parse(of(query), KNOWN)).toThrow(Problem);
  });
});
