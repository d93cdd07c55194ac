import type { Column, ColumnEvidence } from '@app/frames';
import { describe, expect, it } from 'vitest';
import { NO_DECISIONS } from '../column-mapping.js';
import type { DatasetView } from '../dataset.service.js';
import type { UploadEntity } from '../upload.entity.js';
import { checkStillFits, readingPlan } from './reading-plan.js';

const column = (name: string, type: Column['type']): Column => ({
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

const upload = (change: Partial<UploadEntity> = {}): UploadEntity =>
  ({ mode: 'append', options: {}, ...change }) as UploadEntity;

const view = (dataset: object, columns: Column[] = []): DatasetView => ({
  dataset: {
    visibleSetId: null,
    mapping: { roles: {}, columns: {} },
    decisions: NO_DECISIONS,
    ...dataset,
  } as DatasetView['dataset'],
  columns,
  distinctCounts: null,
  rowCount: 0,
  uploadCount: 0,
});

const FILE = [evidence('CustomerID', 'integer'), evidence('Price', 'decimal')];

describe('the plan for reading a file', () => {
  it('proposes roles for a first file', () => {
    expect(readingPlan(upload(), view({})).decideRoles?.(FILE)).toEqual({
      shopperId: 'CustomerID',
      unitPrice: 'Price',
    });
  });

  it('proposes neither roles that were taken away nor those that are decided', () => {
    const decisions = { roles: { unitPrice: null, shopperId: 'Price' }, columns: {} };
    const plan = readingPlan(upload(), view({ decisions }));
    expect(plan.decideRoles?.(FILE)).toEqual({});
    expect(plan.mapping.roles).toEqual({ shopperId: 'Price' });
  });

  it('lets the word of the upload count before that of the dataset', () => {
    const decisions = { roles: { amount: 'Gone' }, columns: { Price: { type: 'text' as const } } };
    const options = {
      mapping: { roles: { amount: 'Price' }, columns: { Price: { decimal: ',' as const } } },
    };
    const plan = readingPlan(upload({ options }), view({ decisions }));
    expect(plan.decideRoles?.(FILE)).toEqual({ shopperId: 'CustomerID' });
    expect(plan.mapping).toEqual({ roles: { amount: 'Price' }, columns: { Price: { decimal: ',' } } });
  });

  it('demands the types of the dataset, unless its rows are replaced', () => {
    const columns = [column('Price', 'decimal')];
    expect(readingPlan(upload(), view({}, columns)).existingColumns).toBe(columns);
    expect(readingPlan(upload({ mode: 'replace' }), view({}, columns)).existingColumns).toBeUndefined();
  });
});

describe('a dataset that changed while a file was read', () => {
  const plan = readingPlan(upload(), view({}));

  it('takes types that widen', () => {
    expect(() => checkStillFits([column('a', 'integer')], [column('a', 'decimal')], plan)).not.toThrow();
    expect(() => checkStillFits([column('a', 'text')], [column('b', 'date')], plan)).not.toThrow();
  });

  it('has the file read again where types clash', () => {
    expect(() => checkStillFits([column('a', 'integer')], [column('a', 'text')], plan)).toThrow('changed');
  });

  it('takes text that was asked for', () => {
    const options = { mapping: { columns: { a: { type: 'text' as const } } } };
    const asked = readingPlan(upload({ options }), view({}));
    expect(() => checkStillFits([column('a', 'integer')], [column('a', 'text')], asked)).not.toThrow();
  });
});
