import type { Role } from '../roles/role.js';

/** Bound values of a statement by name. */
export type SqlValues = Record<string, string | number | bigint>;

export interface Sql {
  text: string;
  values: SqlValues;
}

/** Sales in one relation: SQL for a FROM clause, and the physical column (`c0`, `c1`, …) that plays each role. */
export interface SalesSource {
  relation: string;
  columns: Partial<Record<Role, string>>;
  /** Physical column with the words for a product, where another one plays the role. */
  productName?: string | null | undefined;
  /** IANA zone in which timestamps without an offset stand. */
  timezone: string;
}

// 38 digits hold the product: up to 10^14 pieces to four decimals, prices to six.
const QUANTITY = 'DECIMAL(18,4)';
const PRICE = 'DECIMAL(20,6)';
export const AMOUNT = 'DECIMAL(38,10)';

/**
 * One row for each row of the sources, as columns `shopper` (its text form is the shopper's id), `order_id` (null where every row is an order), `moment`
 * (microseconds since 1970, UTC), `quantity`, `amount`, `product`, `product_name`, `is_purchase`,
 * `is_return`.
 *
 * The amount of a row is its `amount`, else (also where it is missing) quantity × unitPrice, else unitPrice. A purchase has a shopper, a time, an
 * order that is not cancelled (cancelled = C followed by digits), and quantity > 0, unitPrice > 0, amount ≥ 0 as far as
 * there are such columns (amount only counts where unitPrice is missing). A return has a shopper, a time and a
 * cancelled order, a negative quantity or a negative amount. Values that are no numbers make a row neither.
 */
export function salesQuery(sources: readonly SalesSource[]): Sql {
  const values: SqlValues = {};
  const parts = sources.map(({ relation, columns, productName, timezone }, index) => {
    const column = (role: Role): string | null => physical(columns[role]);
    // The shoppers of one source stay as they are stored: grouping numbers is faster than grouping their texts.
    const stored = column('shopperId');
    const shopper = sources.length > 1 ? textOf(stored) : stored;
    const order = textOf(column('orderId'));
    const local = `CAST(${column('orderedAt') ?? 'NULL'} AS TIMESTAMP)`;
    if (timezone !== 'UTC') values[`zone${index}`] = timezone;
    const moment =
      timezone === 'UTC' ? `epoch_us(${local})` : `epoch_us(${local} AT TIME ZONE $zone${index})`;
    const quantity = decimalOf(column('quantity'), QUANTITY);
    const price = decimalOf(column('unitPrice'), PRICE);
    const own = decimalOf(column('amount'), AMOUNT);
    const cancelled =
      order === null
        ? 'false'
        : `CASE WHEN starts_with(${order}, 'C') THEN regexp_full_match(${order}, 'C[0-9]+') ELSE false END`;
    const worth = quantity !== null && price !== null ? `${quantity} * ${price}` : price;
    const amount = own !== null && worth !== null ? `coalesce(${own}, ${worth})` : (own ?? worth);
    const known = [`${shopper ?? 'NULL'} IS NOT NULL`, `${local} IS NOT NULL`];
    const bought = [
      ...known,
      `NOT ${cancelled}`,
      ...(quantity === null ? [] : [`${quantity} > 0`]),
      ...(price === null ? [] : [`${price} > 0`]),
      ...(price === null && own !== null ? [`${own} >= 0`] : []),
    ];
    const negative = [quantity, own].filter((value) => value !== null).map((value) => `${value} < 0`);
    const returned = [...known, `(${[cancelled, ...negative].join(' OR ')})`];
    const scoped = sources.length > 1 && order !== null ? `'${index}:' || ${order}` : order;
    return `SELECT ${shopper ?? 'NULL::VARCHAR'} AS shopper, ${scoped ?? 'NULL::VARCHAR'} AS order_id, ${moment} AS moment,
      ${quantity ?? `NULL::${QUANTITY}`} AS quantity, CAST(${amount ?? 'NULL'} AS ${AMOUNT}) AS amount,
      ${textOf(column('product')) ?? 'NULL::VARCHAR'} AS product,
      ${textOf(physical(productName ?? undefined)) ?? 'NULL::VARCHAR'} AS product_name,
      coalesce(${bought.join(' AND ')}, false) AS is_purchase,
      coalesce(${returned.join(' AND ')}, false) AS is_return
    FROM ${relation}`;
  });
  return { text: `(${parts.join('\nUNION ALL\n')})`, values };
}

/** Column names reach SQL only as `c<number>`; anything else is a fault of the program. */
export function physical(column: string | undefined): string | null {
  if (column === undefined) return null;
  if (!/^c\d+$/.test(column)) throw new RangeError(`Not a physical column: ${column}`);
  return column;
}

const textOf = (column: string | null): string | null =>
  column === null ? null : `CAST(${column} AS VARCHAR)`;

const decimalOf = (column: string | null, type: string): string | null =>
  column === null ? null : `TRY_CAST(${column} AS ${type})`;
