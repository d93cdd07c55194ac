import type { Column, ColumnEvidence, ReadingSchema } from '@app/frames';
import { describe, expect, it } from 'vitest';
import { NO_DECISIONS } from '../column-mapping.js';
import { type KnownTable, ReadingPlan, type ReadUpload } from './reading-plan.js';

const column = (name: string, type: Column['type'] = 'integer'): Column => ({
  name,
  header: name,
  physical: 'c0',
  type,
  storage: 'VARCHAR',
  nulls: 0,
  min: null,
  max: null,
});

const evidence = (name: string, type: Column['type']): ColumnEvidence => ({
  name,
  type,
  values: 9,
  nulls: 0,
  numericShare: type === 'integer' || type === 'decimal' ? 1 : 0,
  temporalShare: 0,
  samples: [],
});

const planOf = (upload: Partial<ReadUpload> = {}, known: Partial<KnownTable> = {}): ReadingPlan =>
  new ReadingPlan(
    { mode: 'append', options: {}, keyColumns: [], ...upload },
    { decisions: NO_DECISIONS, roles: {}, columns: [], ...known },
  );

const FILE = [evidence('CustomerID', 'integer'), evidence('Price', 'decimal')];
const NAMES = ['CustomerID', 'Price'];
const rolesOf = (schema: ReadingSchema): unknown => schema.decideRoles?.(FILE);

const reviewed = (name: string, type: Column['type'], misfits = 0) => ({ name, type, values: 9, misfits });

describe('the plan for reading a file', () => {
  it('proposes roles for a first file', () => {
    expect(rolesOf(planOf().schema(NAMES))).toEqual({ shopperId: 'CustomerID', unitPrice: 'Price' });
  });

  it('proposes neither roles that were taken away nor those that are decided', () => {
    const decisions = { roles: { unitPrice: null, shopperId: 'Price' }, columns: {} };
    const schema = planOf({}, { decisions }).schema(NAMES);
    expect(rolesOf(schema)).toEqual({});
    expect(schema.mapping?.roles).toEqual({ shopperId: 'Price' });
  });

  it('lets the word of the upload count before that of the dataset', () => {
    const decisions = { roles: { amount: 'Gone' }, columns: { Price: { type: 'text' as const } } };
    const mapping = { roles: { amount: 'Price' }, columns: { Price: { decimal: ',' as const } } };
    const schema = planOf({ options: { mapping } }, { decisions }).schema(NAMES);
    expect(rolesOf(schema)).toEqual({ shopperId: 'CustomerID' });
    expect(schema.mapping).toEqual(mapping);
  });

  it('demands the types of the dataset, unless its rows are replaced', () => {
    const columns = [column('Price', 'decimal')];
    expect(planOf({}, { columns }).schema(['Price']).existingColumns).toEqual(columns);
    expect(planOf({ mode: 'replace' }, { columns }).schema(['Other']).existingColumns).toBeUndefined();
  });

  it('speaks of columns by the names that the dataset has', () => {
    const plan = planOf(
      {
        mode: 'upsert',
        keyColumns: ['Client'],
        options: { mapping: { roles: { shopperId: 'Client' }, columns: { Client: { type: 'text' } } } },
      },
      { columns: [column('CustomerID', 'text'), column('Price')], roles: { shopperId: 'CustomerID' } },
    );
    const schema = plan.schema(['Price', 'Client']);
    expect(schema).toMatchObject({ names: ['Price', 'CustomerID'], keyColumns: ['CustomerID'] });
    expect(schema.mapping?.roles).toEqual({ shopperId: 'CustomerID' });
    expect(plan.said).toEqual({
      roles: { shopperId: 'CustomerID' },
      columns: { CustomerID: { type: 'text' }, Client: { as: 'CustomerID' } },
    });
  });
});

const review = (plan: ReadingPlan, ...columns: ReturnType<typeof reviewed>[]): ReadingPlan => {
  plan.schema(columns.map(({ name }) => name)).review?.(columns);
  return plan;
};

describe('types that differ from those of the dataset', () => {
  it('widen by themselves, which is said', () => {
    const plan = planOf({}, { columns: [column('a'), column('b', 'date')] });
    const { drift } = review(plan, reviewed('a', 'decimal'), reviewed('b', 'timestamp'));
    expect(drift.map(({ column, change, detail }) => [column, change, detail.split(',')[0]])).toEqual([
      ['a', 'widened', 'integer → decimal'],
      ['b', 'widened', 'date → timestamp'],
    ]);
  });

  it('become text on request alone, and never where a role needs them', () => {
    const columns = [column('Price')];
    const options = { mapping: { columns: { Price: { type: 'text' as const } } } };
    expect(review(planOf({ options }, { columns }), reviewed('Price', 'text')).drift).toMatchObject([
      { change: 'widened' },
    ]);
    const roles = { unitPrice: 'Price' };
    expect(() => review(planOf({ options }, { columns, roles }), reviewed('Price', 'text'))).toThrow('role');
    expect(() => review(planOf({}, { columns }), reviewed('Price', 'boolean'))).toThrow('only text');
  });

  it('are refused where no value fits, and told where some do not', () => {
    const columns = [column('a')];
    expect(review(planOf({}, { columns }), reviewed('a', 'integer', 3)).drift).toMatchObject([
      { column: 'a', change: 'retyped', detail: expect.stringContaining('3 of 9 values') },
    ]);
    expect(() => review(planOf({}, { columns }), reviewed('a', 'integer', 9))).toThrow('9 of 9 values');
  });
});

const readAs = (type: Column['type'], upload: Partial<ReadUpload> = {}): ReadingPlan => {
  const plan = planOf(upload);
  plan.schema(['a']).review?.([reviewed('a', type)]);
  return plan;
};
const now = (type: Column['type']): KnownTable => ({
  decisions: NO_DECISIONS,
  roles: {},
  columns: [column('a', type)],
});

describe('a dataset that changed while a file was read', () => {
  it('takes types that widen, and says so', () => {
    expect(readAs('decimal').againstNow(now('integer')).drift).toMatchObject([{ change: 'widened' }]);
    expect(readAs('decimal').againstNow(now('decimal')).drift).toEqual([]);
  });

  it('has the file read again where types clash or columns have other names', () => {
    expect(() => readAs('text').againstNow(now('integer'))).toThrow('changed');
    const renamed = { ...now('integer'), columns: [column('A')] };
    expect(() => readAs('integer').againstNow(renamed)).toThrow('changed');
  });

  it('takes text that was asked for', () => {
    const options = { mapping: { columns: { a: { type: 'text' as const } } } };
    expect(() => readAs('text', { options }).againstNow(now('integer'))).not.toThrow();
  });
});
