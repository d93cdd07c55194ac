import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { onlineRetail } from './data.mjs';

/**
 * Sales of as many shoppers as wished, made of Online Retail: its shoppers many times over, of whose purchases each time
 * others are taken, with other days, quantities and prices. The same every time.
 * @param {number} shoppers @param {number} rows  both are met to a percent
 * @returns {Promise<{ file: string, shoppers: number, rows: number, remove: () => void }>}
 */
export async function manyShoppers(shoppers, rows) {
  const source = await onlineRetail();
  const directory = mkdtempSync(path.join(tmpdir(), 'datacore-bench-many-'));
  const file = path.join(directory, 'many-shoppers.csv');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`CREATE TABLE sales AS
      SELECT InvoiceNo, StockCode, Quantity, strptime(InvoiceDate, '%m/%d/%Y %H:%M') AS moment, UnitPrice, CustomerID,
        row_number() OVER (ORDER BY CustomerID, InvoiceNo, StockCode, Quantity, UnitPrice) AS n,
        row_number() OVER (PARTITION BY CustomerID ORDER BY InvoiceNo, StockCode, Quantity, UnitPrice) = 1 AS first
      FROM read_csv('${source.file}', types = {'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'InvoiceDate': 'VARCHAR',
        'CustomerID': 'INTEGER', 'Quantity': 'INTEGER', 'UnitPrice': 'DECIMAL(12,3)'})
      WHERE CustomerID IS NOT NULL AND InvoiceNo NOT LIKE 'C%' AND Quantity > 0 AND UnitPrice > 0`);
    const [[everybody, sales]] = (
      await connection.runAndReadAll(
        'SELECT count(DISTINCT CustomerID)::INTEGER, count(*)::INTEGER FROM sales',
      )
    ).getRows();
    const times = Math.ceil(shoppers / Number(everybody));
    const share = (rows / times - Number(everybody)) / (Number(sales) - Number(everybody));
    await connection.run(`COPY (
      SELECT t || '-' || InvoiceNo AS InvoiceNo, StockCode, Quantity + hash(n, t) % 3 AS Quantity,
        strftime(moment - to_days((hash(CustomerID, t) % 45)::INTEGER), '%Y-%m-%d %H:%M:%S') AS InvoiceDate,
        CAST(UnitPrice * (80 + hash(t, n) % 40) / 100 + 0.01 AS DECIMAL(12,2)) AS UnitPrice, t * 100000 + CustomerID AS CustomerID
      FROM range(1, ${times + 1}) AS copies(t), sales
      WHERE first OR hash(n, t, 'taken') % 1000000 < ${Math.round(share * 1e6)}
    ) TO '${file}' (HEADER)`);
    const [[written]] = (
      await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM read_csv('${file}')`)
    ).getRows();
    return {
      file,
      shoppers: times * Number(everybody),
      rows: Number(written),
      remove: () => rmSync(directory, { recursive: true, force: true }),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
    source.remove();
  }
}
