import {
  type FeatureDefinition,
  HABIT_FEATURES,
  type HabitName,
  REVENUE_SQL,
  SPAN_DAYS_SQL,
} from './features.js';
import { AMOUNT, physical, type SalesSource, salesQuery, type Sql } from './sales.js';

/**
 * A statement that gives one row a shopper, sorted by id as UTF-8 bytes: `id`, `key` (as the data has it), `source_rows` (rows it was made of),
 * `revenue` (DECIMAL, null where no amounts are known), `recency`, `orders`, `span` (DOUBLE, null for shoppers
 * datasets), the features `f0`, `f1`, … (DOUBLE) and the texts `t0`, `t1`, … in the order asked for.
 */
export interface ShopperTable extends Sql {
  features: FeatureDefinition[];
}

/** Habits of every shopper with at least one purchase up to `asOf` (microseconds since 1970); later rows are ignored. */
export function habitsQuery(
  sources: readonly SalesSource[],
  names: readonly HabitName[],
  asOf: bigint,
): ShopperTable {
  const sales = salesQuery(sources);
  const features = names.map((name) => HABIT_FEATURES[name]);
  const selected = features.map(({ sql }, index) => `${sql} AS f${index}`);
  // Rows that are only returns tell nothing but this.
  const counted = names.includes('returnRate') ? '(is_purchase OR is_return)' : 'is_purchase';
  return {
    features: features.map(({ name, label, unit, definition }) => ({ name, label, unit, definition })),
    text: `SELECT CAST(shopper AS VARCHAR) AS id, shopper AS key, count(*) FILTER (is_purchase) AS source_rows, ${REVENUE_SQL} AS revenue,
        ${HABIT_FEATURES.recencyDays.sql} AS recency, ${HABIT_FEATURES.frequency.sql} AS orders,
        ${SPAN_DAYS_SQL} AS span, ${selected.join(', ')}
      FROM ${sales.text} AS sales
      WHERE ${counted} AND moment <= $as_of
      GROUP BY shopper HAVING count(*) FILTER (is_purchase) > 0
      ORDER BY id`,
    values: { ...sales.values, as_of: asOf },
  };
}

/** The moment of the last transaction as `last`: microseconds since 1970, null without any. */
export function lastTransactionQuery(sources: readonly SalesSource[]): Sql {
  const sales = salesQuery(sources);
  return { text: `SELECT max(moment) AS last FROM ${sales.text} AS sales`, values: sales.values };
}

/**
 * Revenue of each product in each group of shoppers: `segment`, `product`, `name` (the words that stand beside it most
 * often, null where none do), `revenue`. `groups` is a table `(key, segment)`. The `top` best each.
 */
export function topProductsQuery(
  sources: readonly SalesSource[],
  groups: string,
  asOf: bigint,
  top: number,
): Sql {
  const sales = salesQuery(sources);
  return {
    text: `WITH bought AS MATERIALIZED (
        SELECT segment, product, nullif(trim(product_name), '') AS name, sum(amount) AS revenue, count(*) AS times
        FROM ${sales.text} AS sales JOIN ${groups} AS members ON members.key = sales.shopper
        WHERE is_purchase AND moment <= $as_of AND product IS NOT NULL GROUP BY ALL
      ), best AS MATERIALIZED (
        SELECT segment, product, sum(revenue) AS revenue FROM bought GROUP BY segment, product
        QUALIFY row_number() OVER (PARTITION BY segment ORDER BY sum(revenue) DESC, product) <= ${Math.trunc(top)}
      ), names AS (
        SELECT product, name FROM bought SEMI JOIN best USING (product)
        WHERE name IS NOT NULL GROUP BY product, name
        QUALIFY row_number() OVER (PARTITION BY product ORDER BY sum(times) DESC, name) = 1
      )
      SELECT segment, product, name, CAST(revenue AS DOUBLE) AS revenue
      FROM best LEFT JOIN names USING (product) ORDER BY segment, best.revenue DESC, product`,
    values: { ...sales.values, as_of: asOf },
  };
}

/** Rows that each describe one shopper: where the id and, maybe, the revenue stand, and what is known of a shopper. */
export interface ShopperSource {
  relation: string;
  /** Physical columns; without `id` the rows are numbered. */
  id?: string | undefined;
  amount?: string | undefined;
  /** To group by, as many and in the same order in every source. */
  numbers: readonly string[];
  /** What else is known of a shopper, likewise; may be missing in single rows. */
  texts?: readonly string[] | undefined;
}

/**
 * One row a shopper as uploaded, of several sources the last row of an id; rows without id or with a missing number are
 * left out. The uploads of later sources have higher numbers.
 * @param names of the numbers, in their order
 */
export function shoppersQuery(sources: readonly ShopperSource[], names: readonly string[]): ShopperTable {
  const several = sources.length > 1;
  const parts = sources.map(({ relation, id, amount, numbers, texts = [] }, index) => {
    const idColumn = physical(id);
    const amountColumn = physical(amount);
    const columns = numbers.map((column) => physical(column) as string);
    const selected = [
      ...columns.map((column, place) => `CAST(${column} AS DOUBLE) AS f${place}`),
      ...texts.map((column, place) => `CAST(${physical(column)} AS VARCHAR) AS t${place}`),
    ];
    const numbered = `${several ? `'${index}:' || ` : ''}CAST(row_number AS VARCHAR)`;
    const present = [...(idColumn === null ? [] : [idColumn]), ...columns].map(
      (name) => `${name} IS NOT NULL`,
    );
    return `SELECT upload, n, ${idColumn === null ? numbered : `CAST(${idColumn} AS VARCHAR)`} AS id,
        1::BIGINT AS source_rows,
        ${amountColumn === null ? `NULL::${AMOUNT}` : `TRY_CAST(${amountColumn} AS ${AMOUNT})`} AS revenue,
        NULL::DOUBLE AS recency, NULL::DOUBLE AS orders, NULL::DOUBLE AS span,
        ${selected.join(', ')}
      FROM (SELECT *, row_number() OVER (ORDER BY upload, n) AS row_number FROM ${relation})
      WHERE ${present.join(' AND ')}`;
  });
  const latest = sources.some(({ id }) => id !== undefined)
    ? 'QUALIFY row_number() OVER (PARTITION BY id ORDER BY upload DESC, n DESC) = 1'
    : '';
  return {
    features: names.map((name) => ({
      name,
      label: name,
      unit: '',
      definition: `The column ${name} as it was uploaded.`,
    })),
    text: `SELECT id, id AS key, * EXCLUDE (id, upload, n) FROM (${parts.join('\nUNION ALL\n')}) ${latest} ORDER BY id`,
    values: {},
  };
}
