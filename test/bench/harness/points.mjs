import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse';
import { onlineRetail } from './data.mjs';

/** @typedef {{ name: string, n: number, d: number, values: Float64Array }} Points  n rows of d values */

/**
 * Recency, frequency and money of each shopper of Online Retail, log1p, standardised: what a report clusters.
 * @returns {Promise<Points>}
 */
export async function shoppersOfOnlineRetail() {
  const data = await onlineRetail();
  /** @type {Map<string, { last: number, orders: Set<string>, money: number }>} */
  const shoppers = new Map();
  let newest = 0;
  for await (const row of createReadStream(data.file).pipe(parse({ columns: true }))) {
    const time = minutesOf(row.InvoiceDate);
    newest = Math.max(newest, time);
    const money = row.Quantity * row.UnitPrice;
    if (row.CustomerID === '' || /^C\d/.test(row.InvoiceNo) || !(row.Quantity > 0) || !(row.UnitPrice > 0)) {
      continue;
    }
    const shopper = shoppers.get(row.CustomerID) ?? { last: 0, orders: new Set(), money: 0 };
    shopper.last = Math.max(shopper.last, time);
    shopper.orders.add(row.InvoiceNo);
    shopper.money += money;
    shoppers.set(row.CustomerID, shopper);
  }
  data.remove();
  const dayAfter = newest + 24 * 60;
  const rows = [...shoppers.values()].map(({ last, orders, money }) =>
    [Math.floor((dayAfter - last) / (24 * 60)), orders.size, money].map(Math.log1p),
  );
  return standardised(data.name, rows.length, 3, Float64Array.from(rows.flat()));
}

/** Of a moment like `12/1/2010 8:26`, month first. @param {string} text */
function minutesOf(text) {
  const [month, day, year, hour, minute] = text.split(/[/ :]/).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute) / 60_000;
}

/**
 * A mixture of twelve groups of unequal size and spread that overlap, as shoppers do: the same for equal n and d.
 * @param {number} n @param {number} d @returns {Points}
 */
export function generatedShoppers(n, d) {
  const random = uniform(n + d);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const groups = Array.from({ length: 12 }, () => ({
    share: 0.2 + random(),
    centre: Array.from({ length: d }, () => 2 * normal()),
    // Every column leans on the one before it, so that groups are neither round nor along the axes.
    lean: Array.from({ length: d }, () => normal() / 2),
    spread: Array.from({ length: d }, () => 0.4 + 0.8 * random()),
  }));
  const total = groups.reduce((sum, { share }) => sum + share, 0);
  const values = new Float64Array(n * d);
  for (let row = 0; row < n; row++) {
    let left = random() * total;
    const group = groups.find(({ share }) => (left -= share) < 0) ?? groups[0];
    let before = 0;
    for (let column = 0; column < d; column++) {
      before = group.lean[column] * before + group.spread[column] * normal();
      values[row * d + column] = group.centre[column] + before;
    }
  }
  return standardised('generated shoppers', n, d, values);
}

/** Mulberry32 of Tommy Ettinger: uniform in [0, 1). @param {number} seed */
function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Mean 0 and standard deviation 1 in every column. @param {string} name @param {number} n @param {number} d @param {Float64Array} values @returns {Points} */
function standardised(name, n, d, values) {
  for (let column = 0; column < d; column++) {
    let sum = 0;
    let squares = 0;
    for (let at = column; at < values.length; at += d) sum += values[at];
    for (let at = column; at < values.length; at += d) squares += (values[at] - sum / n) ** 2;
    const deviation = Math.sqrt(squares / n);
    for (let at = column; at < values.length; at += d) values[at] = (values[at] - sum / n) / deviation;
  }
  return { name, n, d, values };
}

/** Writes the values to a file for a peer. @param {Points} points @returns {{ file: string, remove: () => void }} */
export function pointsFile({ values }) {
  const directory = mkdtempSync(path.join(tmpdir(), 'datacore-bench-points-'));
  const file = path.join(directory, 'points.f64');
  writeFileSync(file, values);
  return { file, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
