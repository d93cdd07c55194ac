import type { Column, VisibleSet } from '@app/frames';
import { expect, it } from 'vitest';
import { withDerived } from './derived-columns.js';

const column = (name: string, physical: `c${number}`, storage: Column['storage']): Column => ({
  name,
  header: name,
  physical,
  type: 'integer',
  storage,
  nulls: 0,
  min: null,
  max: null,
});
const visible: VisibleSet = {
  id: 'set',
  timezone: 'UTC',
  columns: [column('id', 'c0', 'BIGINT'), column('birthts', 'c4', 'BIGINT'), column('name', 'c2', 'VARCHAR')],
  rowCount: 0,
  uploads: [],
};
const AS_OF = new Date('2026-11-22T23:59:59Z');
const years = (of: string, name = 'age') => ({ name, kind: 'years', of }) as const;

it('a computed column stands after the others under a name of its own', () => {
  const { id, columns } = withDerived(visible, [years('birthts')], AS_OF);
  expect(id).toBe('set@2026-11-22');
  expect(columns.at(-1)).toMatchObject({
    name: 'age',
    physical: 'c5',
    yearsFrom: { column: 'birthts', date: '2026-11-22' },
  });
});

it.each([
  ['there is no such column', years('born')],
  ['the column holds texts', years('name')],
  ['a real column has the name', years('birthts', 'id')],
])('nothing is computed where %s', (_why, derivation) => {
  expect(withDerived(visible, [derivation], AS_OF)).toBe(visible);
});
