import { createReadStream, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';

const FULL_ROWS = 541_909;
const sample = fileURLToPath(new URL('../../fixtures/online-retail-sample/', import.meta.url));

/**
 * Online Retail, unpacked for this run: the whole of it where TEST_DATA_DIR has it, else the bundled slice.
 * @returns {Promise<{ file: string, rows: number, name: string, remove: () => void }>}
 */
export async function onlineRetail() {
  const full = path.join(process.env.TEST_DATA_DIR || '.', 'online_retail.csv.gz');
  const isFull = Boolean(process.env.TEST_DATA_DIR) && existsSync(full);
  const packed = isFull ? full : path.join(sample, 'online-retail-sample.csv.gz');
  const rows = isFull ? FULL_ROWS : JSON.parse(readFileSync(path.join(sample, 'figures.json'), 'utf8')).rows;
  const name = isFull
    ? 'Online Retail'
    : 'the bundled slice of Online Retail (TEST_DATA_DIR names no full data)';
  const directory = mkdtempSync(path.join(tmpdir(), 'datacore-bench-data-'));
  const file = path.join(directory, 'online_retail.csv');
  await pipeline(createReadStream(packed), createGunzip(), createWriteStream(file));
  console.error(`${name}: ${rows.toLocaleString('en')} rows`);
  return { file, rows, name, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
