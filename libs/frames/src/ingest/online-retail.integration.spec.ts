import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FramesRig, type Ingested } from '../fixtures/frames-rig.js';

const { TEST_DATA_DIR } = process.env;
const FILES = ['online_retail', 'online_retail_latin1', 'online_retail_iso_dates'] as const;

describe.skipIf(TEST_DATA_DIR === undefined)('Online Retail, all of it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'retail-'));
  let rig: FramesRig;
  let uploads: Ingested[];

  beforeAll(async () => {
    rig = await FramesRig.start();
    uploads = [];
    for (const name of FILES) {
      const path = join(directory, `${name}.csv`);
      await pipeline(
        createReadStream(join(TEST_DATA_DIR ?? '', `${name}.csv.gz`)),
        createGunzip(),
        createWriteStream(path),
      );
      uploads.push(await rig.ingestFile(path));
    }
  });
  afterAll(async () => {
    await rig.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it.each(FILES.map((name, index) => [name, index] as const))(
    '%s has the counts and types it must have',
    (_, index) => {
      const { counts, columns, visible } = uploads[index] as Ingested;
      expect(counts).toMatchObject({
        records: 541_909,
        accepted: 541_909,
        rejected: 0,
        blankLines: 0,
        duplicates: 5268,
      });
      expect(visible.uploads[0]?.manifest.reduce((sum, { rows }) => sum + rows, 0)).toBe(541_909);
      expect(columns.map(({ name, type, nulls }) => [name, type, nulls])).toEqual([
        ['InvoiceNo', 'text', 0],
        ['StockCode', 'text', 0],
        ['Description', 'text', 1454],
        ['Quantity', 'integer', 0],
        ['InvoiceDate', 'timestamp', 0],
        ['UnitPrice', 'decimal', 0],
        ['CustomerID', 'integer', 135_080],
        ['Country', 'text', 0],
      ]);
      expect(columns[4]).toMatchObject({ min: '2010-12-01T08:26:00', max: '2011-12-09T12:50:00' });
    },
  );

  it('is the same table in all three forms', async () => {
    const digests: unknown[] = [];
    for (const { visible } of uploads) {
      const digest = await rig.query.withRelation(visible, async (connection, relation) => {
        const reader = await connection.runAndReadAll(
          `SELECT bit_xor(hash(n, c0, c1, c2, c3, c4, CAST(c5 AS DECIMAL(18,3)), c6, c7)) FROM ${relation}`,
        );
        return reader.getRows()[0]?.[0];
      });
      digests.push(digest);
    }
    expect(new Set(digests).size).toBe(1);
  });

  it('gives the revenue of clean purchases to the last digit', async () => {
    const { visible } = uploads[0] as Ingested;
    const row = await rig.query.withRelation(visible, async (connection, relation) => {
      const reader = await connection.runAndReadAll(
        `SELECT count(*)::INTEGER, count(DISTINCT c6)::INTEGER, sum(c3 * c5)::VARCHAR FROM ${relation}
         WHERE c6 IS NOT NULL AND c3 > 0 AND c5 > 0 AND NOT starts_with(c0, 'C')`,
      );
      return reader.getRows()[0];
    });
    expect(row).toEqual([397_884, 4338, '8911407.904']);
  });

  it('answers pages anywhere', async () => {
    const { visible } = uploads[0] as Ingested;
    const deep = await rig.query.rows(visible, { page: 541_909, pageSize: 1 });
    expect(deep.rows[0]).toMatchObject({
      InvoiceNo: '581587',
      Description: 'BAKING SET 9 PIECE RETROSPOT ',
      UnitPrice: 4.95,
    });
    const filters = [{ column: 'Country', operator: 'eq' as const, value: 'France' }];
    expect(
      (await rig.query.rows(visible, { page: 1, pageSize: 5, filters, ordering: ['-UnitPrice'] })).count,
    ).toBe(8557);
  });
});
