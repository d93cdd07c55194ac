import type { Column } from '@app/frames';
import type { Role } from '@app/shopping';
import { describe, expect, it } from 'vitest';
import { chooseHabits, chooseNumbers, inAll, physicalRoles, requireSalesRoles } from './column-roles.js';

const column = (name: string, position: number, type: Column['type']): Column => ({
  name,
  header: name,
  physical: `c${position}`,
  type,
  storage: 'VARCHAR',
  nulls: 0,
  min: null,
  max: null,
});
const columns = [
  column('Invoice ID', 0, 'text'),
  column('Total', 1, 'decimal'),
  column('Rating', 2, 'decimal'),
];

describe('roles of columns', () => {
  it('become physical columns; what the data no longer has plays no role', () => {
    expect(physicalRoles(columns, { orderId: 'Invoice ID', amount: 'Gone' })).toEqual({ orderId: 'c0' });
  });

  it('are needed for shopper and time, and the refusal names what was looked for and what is there', () => {
    expect(() => requireSalesRoles('May', columns, { orderId: 'c0' })).toThrow(
      /dataset "May" has no column for shopperId \(a column such as .*customer id.*\) and none for orderedAt .*Its columns are Invoice ID, Total, Rating\./,
    );
    expect(() => requireSalesRoles('May', columns, { shopperId: 'c0', orderedAt: 'c1' })).not.toThrow();
  });
});

describe('features of a transactions dataset', () => {
  it('are the default ones that the data can tell', () => {
    expect(chooseHabits(undefined, [new Set(['unitPrice'])])).toEqual([
      'recencyDays',
      'frequency',
      'monetary',
    ]);
    expect(chooseHabits(undefined, [new Set(['quantity'])])).toEqual(['recencyDays', 'frequency']);
  });

  it('are those that every dataset can tell, each in its own way', () => {
    const datasets: Set<Role>[] = [new Set(['unitPrice', 'quantity']), new Set(['amount'])];
    expect(chooseHabits(undefined, datasets)).toContain('monetary');
    expect(() => chooseHabits(['itemsPerBasket'], datasets)).toThrow(/itemsPerBasket needs/);
  });

  it('are refused where unknown, or where the data lacks what they need', () => {
    expect(() => chooseHabits(['money'], [new Set()])).toThrow(/money is none of recencyDays/);
    expect(() => chooseHabits(['monetary'], [new Set()])).toThrow(
      /monetary needs a column for amount, or unitPrice/,
    );
  });
});

describe('features of a shoppers dataset', () => {
  it('are its number columns but for the id', () => {
    expect(chooseNumbers('Mall', undefined, columns, 'c2')).toEqual([{ name: 'Total', column: 'c1' }]);
    expect(chooseNumbers('Mall', ['Rating'], columns, undefined)).toEqual([{ name: 'Rating', column: 'c2' }]);
  });

  it('are refused where they are no numbers, or there are none', () => {
    expect(() => chooseNumbers('Mall', ['Invoice ID'], columns, undefined)).toThrow(
      /there are Total, Rating/,
    );
    expect(() => chooseNumbers('Mall', undefined, columns.slice(0, 1), undefined)).toThrow(
      /no number column/,
    );
  });

  it('of several datasets are those that all of them have, by name', () => {
    const first = [
      { name: 'a', column: 'c0' },
      { name: 'b', column: 'c1' },
    ];
    expect(inAll([first, [{ name: 'b', column: 'c7' }]])).toEqual([{ name: 'b', columns: ['c1', 'c7'] }]);
    expect(inAll([first]).map(({ columns }) => columns)).toEqual([['c0'], ['c1']]);
  });
});
