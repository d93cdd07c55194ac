import { describe, expect, it } from 'vitest';
import { baseName, linkEnd } from './link-ends.js';

const TABLES = [
  { fileName: 'columns.csv', names: ['namespace_id', 'a.b'] },
  { fileName: 'data.points.csv', names: ['id'] },
  { fileName: 'twin.csv', names: ['x'] },
  { fileName: 'twin.csv', names: ['x', 'y'] },
  { fileName: 'odd', names: ['csv.z'] },
  { fileName: 'odd.csv', names: ['z'] },
];
const end = (text: string) => linkEnd(text, TABLES, 'links');

describe('an end of a link in a bundle', () => {
  it.each([
    ['columns.namespace_id', 0, 'namespace_id'],
    ['columns.csv.namespace_id', 0, 'namespace_id'],
    ['columns.a.b', 0, 'a.b'],
    ['data.points.id', 1, 'id'],
    ['data.points.csv.id', 1, 'id'],
    ['twin.y', 3, 'y'],
  ])('%s is a column of a file', (text, table, column) => {
    expect(end(text)).toEqual({ table, column });
  });

  it.each([
    'columns',
    'columns.',
    '.namespace_id',
    'columns.other',
    'Columns.namespace_id',
    'data.id',
    'twin.x',
    'odd.csv.z',
  ])('%s is refused', (text) => {
    expect(() => end(text)).toThrow(expect.objectContaining({ code: 'invalid_parameter' }));
  });

  it('calls a table as its file, without the ending', () => {
    expect(['a.csv', 'a.b.CSV.gz', 'a.tsv', 'a', '.csv'].map(baseName)).toEqual([
      'a',
      'a.b',
      'a',
      'a',
      '.csv',
    ]);
  });
});
