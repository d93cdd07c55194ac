import { parse } from 'csv-parse/sync';
import { integer, sample, tuple } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostileHeaders, quoted } from '../../libs/frames/src/fixtures/hostile-headers.js';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { ready, startDataset } from './harness/uploads.js';

/** `npm run test:formats -- --full` asks for 1,000. */
const SETS = Number(process.env['HEADER_SETS'] ?? 40);
const SEED = Number(process.env['FORMAT_SEED'] ?? 1);
const AT_A_TIME = 8;

let system: System;
let tenant: Tenant;
beforeAll(async () => {
  system = await startSystem({
    workers: 2,
    env: { ACCESS_TOKEN_EXPIRE_DAYS: '1' },
  });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

/** Names as they must be shown: the header itself, unless it is empty or was there before. */
const isKept = (headers: readonly string[], index: number): boolean =>
  headers[index] !== '' && headers.indexOf(headers[index] ?? '') === index;

const bytes = (texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text));

async function check(headers: readonly string[], value: number): Promise<void> {
  const { api } = tenant.viewer;
  const cells = headers.map((_, index) => `${value}-${index}`);
  const content = [headers.map(quoted).join(','), cells.join(','), cells.map((cell) => `${cell}x`).join(',')];
  const reading = { delimiter: ',', header: 'true' };
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, content.join('\n'), reading);
  await ready(api, upload.id);
  const path = `/datasets/${dataset.id}`;

  const { columns } = expectStatus(await api.get(path), 200);
  const names: string[] = columns.map(({ name }: { name: string }) => name);
  expect(names).toHaveLength(headers.length);
  expect(new Set(names).size).toBe(headers.length);
  const kept = <T>(values: readonly T[]): T[] => values.filter((_, index) => isKept(headers, index));
  expect(bytes(kept(names))).toEqual(bytes(kept(headers)));

  // By entries: an object that a name could change would not show it.
  const expected = [cells, cells.map((cell) => `${cell}x`)].map((row) =>
    names.map((name, index) => [name, row[index]]),
  );
  const entries = (rows: object[]): unknown => rows.map((row) => inOrderOf(names, Object.entries(row)));
  expect(entries(expectStatus(await api.get(`${path}/rows`), 200).results)).toEqual(expected);
  const json = expectStatus(await api.get(`${path}/export?format=json`), 200);
  expect(entries(json as unknown as object[])).toEqual(expected);
  const csv = await api.get(`${path}/export?format=csv&raw=true`);
  const records: string[][] = parse(csv.text, { bom: true, relax_column_count: true });
  expect(bytes(kept(records[0] ?? []))).toEqual(bytes(kept(headers)));
  expect(records.slice(1)).toEqual(expected.map((row) => row.map(([, cell]) => cell)));
}

/** Names that are whole numbers come first in an object, whatever their order was. */
const inOrderOf = (names: readonly string[], entries: [string, unknown][]): unknown =>
  entries.toSorted(([left], [right]) => names.indexOf(left) - names.indexOf(right));

it(
  `gives ${SETS} hostile header sets back byte for byte over HTTP (I7; seed ${SEED})`,
  async () => {
    const sets = sample(tuple(hostileHeaders(), integer({ min: 1, max: 1e9 })), {
      numRuns: SETS,
      seed: SEED,
    });
    const wrong: { headers: string[]; error: unknown }[] = [];
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let at = next++; at < sets.length; at = next++) {
        const [headers, value] = sets[at] as [string[], number];
        await check(headers, value).catch((error: unknown) => wrong.push({ headers, error }));
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, lane));
    expect(wrong).toEqual([]);
  },
  60_000 + SETS * 2000,
);
