import type { RoleColumn, RoleMap } from './role.js';

export type DatasetKind = 'transactions' | 'shoppers' | 'generic';

export interface KindEvidence {
  columns: readonly RoleColumn[];
  roles: RoleMap;
  /** Whether no value of the shopperId column occurs twice; undefined where nobody counted. */
  shopperIdIsUnique?: boolean;
}

/**
 * What a dataset holds: shopperId + orderedAt → transactions; one row a shopper with numeric columns →
 * shoppers; else generic. Where nobody counted, ids without an order column pass for one row a shopper.
 */
export function decideKind({ columns, roles, shopperIdIsUnique }: KindEvidence): DatasetKind {
  const { shopperId, orderedAt, orderId } = roles;
  if (shopperId === undefined) return 'generic';
  if (orderedAt !== undefined) return 'transactions';
  const oneRowEach = shopperIdIsUnique ?? orderId === undefined;
  const numeric = columns.some(
    ({ name, type }) => name !== shopperId && (type === 'integer' || type === 'decimal'),
  );
  return oneRowEach && numeric ? 'shoppers' : 'generic';
}
