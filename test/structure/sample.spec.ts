import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';

const place = new URL('../fixtures/online-retail-sample/', import.meta.url);
const figures = JSON.parse(readFileSync(new URL('figures.json', place), 'utf8')) as Record<string, unknown>;
const packed = readFileSync(new URL('online-retail-sample.csv.gz', place));
const full = join(process.env['TEST_DATA_DIR'] ?? '', 'online_retail.csv.gz');

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('the bundled sample', () => {
  it('is the file that its figures describe', () => {
    const bytes = gunzipSync(packed);
    const rows = parse(bytes, { columns: true }) as Record<string, string>[];
    const clean = rows.filter(
      (row) =>
        row['CustomerID'] !== '' &&
        !row['InvoiceNo']?.startsWith('C') &&
        Number(row['Quantity']) > 0 &&
        Number(row['UnitPrice']) > 0,
    );
    const revenue = clean.reduce((sum, row) => sum + Number(row['Quantity']) * Number(row['UnitPrice']), 0);

    expect(packed.length).toBeLessThan(600_000);
    expect(figures).toMatchObject({
      bytes: bytes.length,
      sha256: sha256(bytes),
      rows: rows.length,
      rowsWithoutShopper: rows.filter((row) => row['CustomerID'] === '').length,
      duplicateRows: rows.length - new Set(rows.map((row) => JSON.stringify(row))).size,
      cleanRows: clean.length,
      cleanShoppers: new Set(clean.map((row) => row['CustomerID'])).size,
    });
    expect(revenue).toBeCloseTo(Number(figures['cleanRevenue']), 6);
  });

  it.skipIf(!existsSync(full))('is cut from the full data as its description says', () => {
    const directory = mkdtempSync(join(tmpdir(), 'datacore-sample-'));
    try {
      const source = join(directory, 'full.csv');
      const target = join(directory, 'sample.csv');
      writeFileSync(source, gunzipSync(readFileSync(full)));
      const script = fileURLToPath(new URL('../../scripts/sample/cut-sample.mjs', import.meta.url));
      execFileSync(process.execPath, [script, source, target]);
      expect(sha256(readFileSync(target))).toBe(figures['sha256']);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
