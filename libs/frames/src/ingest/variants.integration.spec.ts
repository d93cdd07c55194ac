import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FramesRig, type Ingested } from '../fixtures/frames-rig.js';

const { TEST_DATA_DIR } = process.env;

/** The originals by the beginning of a variant's name. */
const ORIGINALS: Readonly<Record<string, string>> = {
  mall: 'Mall_Customers.csv',
  wholesale: 'Wholesale customers data.csv',
  marketing: 'marketing_campaign.csv',
  retail: 'Retail_Data_Transactions.csv.gz',
  groceries: 'Groceries_dataset.csv',
  cdnow: 'CDNOW_sample.txt',
};

interface VariantFacts {
  rows: number;
  columns: (string | number)[];
  same_values_same_order: boolean;
}

const typesOf = ({ columns }: Ingested, positions: readonly number[]) =>
  positions.map((position) => columns[position]?.type);

const isThere = (file: string): boolean => existsSync(join(TEST_DATA_DIR ?? '', file));

const bytesOf = (name: string): Buffer => {
  const bytes = readFileSync(join(TEST_DATA_DIR ?? '', name));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
};
const facts = (TEST_DATA_DIR === undefined ? {} : JSON.parse(bytesOf('variants.json').toString())) as Record<
  string,
  VariantFacts
>;
const same = Object.entries(facts).filter(([, { same_values_same_order: isSame }]) => isSame);

const stored = (name: string): string =>
  [name, `${name}.gz`].map((file) => join('variants', file)).find(isThere) ?? name;

describe.skipIf(TEST_DATA_DIR === undefined)('files that others saved again', () => {
  let rig: FramesRig;
  beforeAll(async () => {
    rig = await FramesRig.start();
  });
  afterAll(() => rig.stop());

  /** One number for all values of some columns in their order, once they are typed; some are taken as whole numbers. */
  const digest = (
    { visible }: Ingested,
    columns: readonly number[],
    whole: readonly boolean[],
  ): Promise<unknown> =>
    rig.query.withRelation(visible, async (connection, relation) => {
      const values = columns
        .map((column, index) => (whole[index] === true ? `CAST(c${column} AS BIGINT)` : `c${column}`))
        .map((value) => `CAST(${value} AS VARCHAR)`)
        .join(', ');
      const reader = await connection.runAndReadAll(`SELECT bit_xor(hash(n, ${values})) FROM ${relation}`);
      return reader.getRows()[0]?.[0];
    });

  it.each(same)('%s is the table that it was', async (name, { rows, columns }) => {
    const original = await rig.ingest(bytesOf(ORIGINALS[name.split('_')[0] ?? ''] ?? ''));
    const variant = await rig.ingest(bytesOf(stored(name)));
    expect(variant.counts).toMatchObject({ accepted: rows, rejected: 0 });
    const positions = columns.map((column) =>
      typeof column === 'number' ? column : variant.columns.findIndex(({ header }) => header === column),
    );
    expect(positions).not.toContain(-1);
    const own = original.columns.slice(0, positions.length).map((_, index) => index);
    const [types, ownTypes] = [typesOf(variant, positions), typesOf(original, own)];
    // Ids that somebody gave leading zeros stay text.
    const padded = types.map((type, index) => type === 'text' && ownTypes[index] === 'integer');
    expect(types.map((type, index) => (padded[index] === true ? 'integer' : type))).toEqual(ownTypes);
    expect(padded.filter(Boolean)).toHaveLength(name === 'mall_genre_header.csv' ? 1 : 0);
    expect(await digest(variant, positions, padded)).toBe(await digest(original, own, padded));
  });
});
