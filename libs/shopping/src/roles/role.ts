/** What a column of sales means to us. */
export const ROLES = [
  'shopperId',
  'orderId',
  'orderedAt',
  'quantity',
  'unitPrice',
  'amount',
  'product',
] as const;

export type Role = (typeof ROLES)[number];

/** Role → name of the column that plays it. */
export type RoleMap = Partial<Record<Role, string>>;

/** Column types as the column table of a dataset names them. */
export type ColumnKind = 'integer' | 'decimal' | 'boolean' | 'date' | 'timestamp' | 'text';

/** What a role demands of its column; a role that is not listed takes any type. */
export const ROLE_TYPES: Partial<Record<Role, readonly ColumnKind[]>> = {
  orderedAt: ['date', 'timestamp'],
  quantity: ['integer', 'decimal'],
  unitPrice: ['integer', 'decimal'],
  amount: ['integer', 'decimal'],
};

/** A column as far as roles are concerned. */
export interface RoleColumn {
  name: string;
  type: ColumnKind;
  /** Share (0…1) of the non-empty values that read as a number; taken from `type` where absent. */
  numericShare?: number;
  /** Share (0…1) of the non-empty values that read as a date or timestamp; taken from `type` where absent. */
  temporalShare?: number;
}
