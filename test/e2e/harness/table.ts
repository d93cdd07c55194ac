import { setImmediate } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';

/** The records of a CSV as objects. */
export async function tableOf(csv: Buffer): Promise<Record<string, string>[]> {
  const records = parse<Record<string, string>>(csv, { columns: true });
  await noticeClosedConnections();
  return records;
}

/** After computing for seconds: the api has closed connections that `fetch` would otherwise take for open ones. */
export async function noticeClosedConnections(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
}
