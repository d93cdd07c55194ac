import type { VisibleSet } from '@app/frames';
import { describe, expect, it } from 'vitest';
import { oneVisibleSet } from './one-visible-set.js';

const set = (id: string, names: string[], ordinals: number[]): VisibleSet => ({
  id,
  timezone: 'UTC',
  rowCount: 10 * ordinals.length,
  columns: names.map((name, index) => ({
    name,
    header: name,
    physical: `c${index}`,
    type: 'text',
    storage: 'VARCHAR',
    nulls: 0,
    min: null,
    max: null,
  })),
  uploads: ordinals.map((ordinal) => ({
    uploadId: `${id}-${ordinal}`,
    revision: 1,
    ordinal,
    mode: 'append',
    rowCount: 10,
    columns: [{ name: names[0] ?? '', physical: 'c7', type: 'text', storage: 'VARCHAR' }],
    manifest: [],
  })),
});

describe('oneVisibleSet', () => {
  it('is the set itself where there is one', () => {
    const only = set('a', ['x'], [3]);
    const one = oneVisibleSet([only]);
    expect(one.visible).toBe(only);
    expect(one.relationsOf('r')).toEqual(['r']);
  });

  it('keeps columns and uploads of several sets apart', () => {
    const { visible, relationsOf } = oneVisibleSet([set('a', ['x', 'y'], [1, 4]), set('b', ['x'], [1])]);
    expect(visible.rowCount).toBe(30);
    expect(visible.columns.map(({ name, physical }) => [name, physical])).toEqual([
      ['0:x', 'c0'],
      ['0:y', 'c1'],
      ['1:x', 'c2'],
    ]);
    expect(
      visible.uploads.map(({ uploadId, ordinal, columns }) => [uploadId, ordinal, columns[0]]),
    ).toMatchObject([
      ['a-1', 1, { name: '0:x', physical: 'c7' }],
      ['a-4', 2, { name: '0:x', physical: 'c7' }],
      ['b-1', 3, { name: '1:x', physical: 'c7' }],
    ]);
    expect(relationsOf('r')).toEqual([
      '(SELECT upload, n, c0 AS c0, c1 AS c1 FROM r WHERE upload BETWEEN 1 AND 2)',
      '(SELECT upload, n, c2 AS c0 FROM r WHERE upload BETWEEN 3 AND 3)',
    ]);
  });
});
