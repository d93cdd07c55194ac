import type { Role } from '../roles/role.js';

export interface FeatureDefinition {
  name: string;
  /** For people. */
  label: string;
  unit: string;
  definition: string;
}

interface HabitFeature extends FeatureDefinition {
  name: HabitName;
  /** Any one of these sets of roles suffices, besides shopperId and orderedAt. */
  needs: readonly (readonly Role[])[];
  /** Over the sales of one shopper; DOUBLE. `$as_of` = microseconds since 1970. */
  sql: string;
}

export const HABIT_NAMES = [
  'recencyDays',
  'frequency',
  'monetary',
  'averageBasket',
  'itemsPerBasket',
  'distinctProducts',
  'tenureDays',
  'daysBetweenOrders',
  'returnRate',
] as const;

export type HabitName = (typeof HABIT_NAMES)[number];

/** What a report takes where nobody chose features. */
export const DEFAULT_HABITS: readonly HabitName[] = ['recencyDays', 'frequency', 'monetary'];

const DAY = 86_400_000_000;
const FIRST = 'min(moment) FILTER (is_purchase)';
const LAST = 'max(moment) FILTER (is_purchase)';
const ORDERS =
  '(count(DISTINCT order_id) FILTER (is_purchase) + count(*) FILTER (is_purchase AND order_id IS NULL))';
const RETURNS = `(count(DISTINCT order_id) FILTER (is_return) + count(*) FILTER (is_return AND order_id IS NULL))`;
const REVENUE = 'sum(amount) FILTER (is_purchase)';
const DAYS_SINCE = (moment: string): string =>
  `CAST((CAST($as_of AS BIGINT) - ${moment}) // ${DAY} AS DOUBLE)`;
const MONEY: readonly (readonly Role[])[] = [['amount'], ['unitPrice']];

export const HABIT_FEATURES: Record<HabitName, HabitFeature> = {
  recencyDays: {
    name: 'recencyDays',
    label: 'Recency',
    unit: 'days',
    definition: 'Whole days (of 24 hours) from the last purchase to the day of the report.',
    needs: [[]],
    sql: DAYS_SINCE(LAST),
  },
  frequency: {
    name: 'frequency',
    label: 'Frequency',
    unit: 'orders',
    definition:
      'Distinct orders with a purchase; where the data names no orders, every row is one. Returns do not count.',
    needs: [[]],
    sql: `CAST(${ORDERS} AS DOUBLE)`,
  },
  monetary: {
    name: 'monetary',
    label: 'Money spent',
    unit: 'currency',
    definition: 'Sum of the amounts of all purchases. Returns are not subtracted.',
    needs: MONEY,
    sql: `CAST(${REVENUE} AS DOUBLE)`,
  },
  averageBasket: {
    name: 'averageBasket',
    label: 'Average basket',
    unit: 'currency per order',
    definition: 'Money spent divided by the number of orders.',
    needs: MONEY,
    sql: `CAST(${REVENUE} AS DOUBLE) / ${ORDERS}`,
  },
  itemsPerBasket: {
    name: 'itemsPerBasket',
    label: 'Items per basket',
    unit: 'pieces per order',
    definition: 'Pieces purchased divided by the number of orders.',
    needs: [['quantity']],
    sql: `CAST(sum(quantity) FILTER (is_purchase) AS DOUBLE) / ${ORDERS}`,
  },
  distinctProducts: {
    name: 'distinctProducts',
    label: 'Different products',
    unit: 'products',
    definition: 'Number of different products purchased; rows that name no product do not count.',
    needs: [['product']],
    sql: 'CAST(count(DISTINCT product) FILTER (is_purchase) AS DOUBLE)',
  },
  tenureDays: {
    name: 'tenureDays',
    label: 'Tenure',
    unit: 'days',
    definition: 'Whole days (of 24 hours) from the first purchase to the day of the report.',
    needs: [[]],
    sql: DAYS_SINCE(FIRST),
  },
  daysBetweenOrders: {
    name: 'daysBetweenOrders',
    label: 'Days between orders',
    unit: 'days',
    definition:
      'Time from the first to the last purchase divided by the number of orders less one; with a single order, the days since it.',
    needs: [[]],
    sql: `CASE WHEN ${ORDERS} > 1 THEN CAST(${LAST} - ${FIRST} AS DOUBLE) / ${DAY} / (${ORDERS} - 1)
      ELSE ${DAYS_SINCE(LAST)} END`,
  },
  returnRate: {
    name: 'returnRate',
    label: 'Return rate',
    unit: 'share of orders',
    definition:
      'Orders with a return (cancelled, or with a negative quantity or amount) divided by these and the orders with a purchase together.',
    needs: [['orderId'], ['quantity'], ['amount']],
    sql: `CAST(${RETURNS} AS DOUBLE) / (${RETURNS} + ${ORDERS})`,
  },
};

/** Days from first to last purchase: with the number of orders it tells how often a whole segment buys. */
export const SPAN_DAYS_SQL = `CAST(${LAST} - ${FIRST} AS DOUBLE) / ${DAY}`;
export const REVENUE_SQL = REVENUE;

/** Whether data with these roles can tell the feature. */
export const isAvailable = (feature: HabitName, roles: ReadonlySet<Role>): boolean =>
  HABIT_FEATURES[feature].needs.some((set) => set.every((role) => roles.has(role)));
