import type { DuckDBConnection } from '@app/frames';
import { topProductsQuery } from '@app/shopping';
import type { ReportInput } from '../request/report-input.js';
import type { Category, TopProduct } from './outcome.js';
import type { OpenData } from './report-data.js';
import { rowsOf, type ShopperFigures, storable } from './shopper-figures.js';

const TOP_PRODUCTS = 5;
const TOP_VALUES = 3;
/** A column with more different values tells single shoppers apart and no segments. */
const MAX_VALUES = 50;

/** By segment; nothing where the data names no products or no amounts. */
export async function topProductsOf(
  { connection, sales, asOf }: OpenData,
  figures: ShopperFigures,
): Promise<Map<number, TopProduct[]>> {
  const bySegment = new Map<number, TopProduct[]>();
  if (asOf === null) return bySegment;
  const rows = await rowsOf(connection, topProductsQuery(sales, figures.groups, asOf, TOP_PRODUCTS));
  for (const { segment, product, name, revenue } of rows) {
    if (typeof revenue !== 'number') continue;
    const products = bySegment.get(Number(segment)) ?? [];
    products.push({ product: storable(name ?? product), code: storable(product), revenue });
    bySegment.set(Number(segment), products);
  }
  return bySegment;
}

/** Ids of the shoppers in these rows, by segment. */
export async function examplesOf(
  connection: DuckDBConnection,
  figures: ShopperFigures,
  examples: readonly number[][],
): Promise<string[][]> {
  const places = examples.flat();
  const rows = await rowsOf(connection, {
    text: `SELECT place, id FROM ${figures.table} WHERE place IN (${places.join(', ')})`,
    values: {},
  });
  const ids = new Map(rows.map(({ place, id }) => [Number(place), storable(id)]));
  return examples.map((rows) => rows.flatMap((row) => ids.get(row) ?? []));
}

/** The most frequent values of the columns that are no numbers, by segment. */
export async function categoriesOf(
  connection: DuckDBConnection,
  figures: ShopperFigures,
  texts: ReportInput['texts'],
  sizes: readonly number[],
): Promise<Category[][]> {
  const bySegment: Category[][] = sizes.map(() => []);
  for (const [index, { name }] of texts.entries()) {
    const rows = await rowsOf(connection, {
      text: `SELECT segment, trim(t${index}) AS value, count(*) AS size,
          sum(count(*)) OVER (PARTITION BY trim(t${index})) AS everywhere
        FROM ${figures.labelled} WHERE trim(t${index}) <> ''
          AND (SELECT count(DISTINCT trim(t${index})) FROM ${figures.table}) <= ${MAX_VALUES}
        GROUP BY segment, value
        QUALIFY row_number() OVER (PARTITION BY segment ORDER BY count(*) DESC, value) <= ${TOP_VALUES}
        ORDER BY segment, size DESC, value`,
      values: {},
    });
    const total = sizes.reduce((sum, size) => sum + size, 0);
    sizes.forEach((size, segment) => {
      const values = rows
        .filter((row) => Number(row['segment']) === segment)
        .map(({ value, size: own, everywhere }) => ({
          value: storable(value),
          share: Number(own) / size,
          overall: Number(everywhere) / total,
        }));
      if (values.length > 0) bySegment[segment]?.push({ column: storable(name), values });
    });
  }
  return bySegment;
}
