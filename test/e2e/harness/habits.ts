import { parse } from 'csv-parse/sync';

export interface Habits {
  recencyDays: number;
  frequency: number;
  monetary: number;
}

const DAY_MS = 86_400_000;

/** Recency, frequency and money of Online Retail counted row by row, by the rules and nothing else. */
export function habitsOf(csv: Buffer, asOf: string): Map<string, Habits> {
  const rows = parse(csv, { columns: true }) as Record<string, string>[];
  const orders = new Map<string, { last: number; orders: Set<string>; money: number }>();
  for (const row of rows) {
    const { InvoiceNo = '', CustomerID = '', Quantity, UnitPrice, InvoiceDate = '' } = row;
    const pieces = Number(Quantity);
    // Thousandths are exact as whole numbers.
    const price = Math.round(Number(UnitPrice) * 1000);
    if (CustomerID === '' || /^C\d+$/.test(InvoiceNo) || pieces <= 0 || price <= 0) continue;
    const shopper = orders.get(CustomerID) ?? { last: 0, orders: new Set(), money: 0 };
    orders.set(CustomerID, shopper);
    shopper.last = Math.max(shopper.last, moment(InvoiceDate));
    shopper.orders.add(InvoiceNo);
    shopper.money += pieces * price;
  }
  const now = Date.parse(asOf);
  return new Map(
    [...orders].map(([id, { last, orders, money }]) => [
      id,
      {
        recencyDays: Math.floor((now - last) / DAY_MS),
        frequency: orders.size,
        monetary: money / 1000,
      },
    ]),
  );
}

/** `12/1/2010 8:26`, the month first, in UTC. */
function moment(text: string): number {
  const [month, day, year, hour, minute] = text.split(/[/ :]/).map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute);
}
