import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  type ColumnProfile,
  FrameProfiler,
  FrameStats,
  type RowFilter,
  type StatsAnswer,
  type Summaries,
  type VisibleSet,
} from '@app/frames';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FramesRig } from '../../fixtures/frames-rig.js';

/** Figures that pandas computed; see figures.py beside them. */
const REFERENCES = join(process.cwd(), 'test/fixtures/pandas-figures');
const COLUMNS = ['Quantity', 'UnitPrice', 'CustomerID', 'InvoiceDate', 'Country'];
const TOLERANCE = 1e-9;

type Figures = Record<string, unknown>;

interface Reference {
  stats: { count: number; columns: Record<string, Figures> };
  filtered: { count: number; columns: Record<string, Figures> };
  groups: { key: string; count: number; UnitPrice: Figures }[];
  profile: Record<string, Figures>;
}

const full = join(process.env['TEST_DATA_DIR'] || '.', 'online_retail.csv.gz');
const sample = join(process.cwd(), 'test/fixtures/online-retail-sample/online-retail-sample.csv.gz');
const isFull = Boolean(process.env['TEST_DATA_DIR']) && existsSync(full);

let rig: FramesRig;
let visible: VisibleSet;
let reference: Reference;

beforeAll(async () => {
  const name = isFull ? 'online-retail' : 'sample';
  reference = JSON.parse(readFileSync(join(REFERENCES, `${name}.json`), 'utf8')) as Reference;
  rig = await FramesRig.start();
  visible = (await rig.ingest(gunzipSync(readFileSync(isFull ? full : sample)))).visible;
}, 120_000);
afterAll(() => rig.stop());

/** Where ours differs from the reference, by more than the relative tolerance where both are numbers. */
function differences(ours: unknown, known: unknown, path = ''): string[] {
  if (typeof known === 'number' && typeof ours === 'number') {
    const scale = Math.max(1, Math.abs(known));
    return Math.abs(ours - known) <= TOLERANCE * scale ? [] : [`${path}: ${ours}, not ${known}`];
  }
  if (typeof known === 'object' && known !== null && typeof ours === 'object' && ours !== null) {
    const sameLength = !Array.isArray(known) || known.length === (ours as unknown[]).length;
    return [
      ...(sameLength ? [] : [`${path}: another length`]),
      ...Object.entries(known).flatMap(([key, value]) =>
        differences((ours as Figures)[key], value, `${path}.${key}`),
      ),
    ];
  }
  return Object.is(ours, known) ? [] : [`${path}: ${String(ours)}, not ${String(known)}`];
}

const stats = (filters: RowFilter[] = [], groupBy?: string[]): Promise<StatsAnswer> =>
  rig.get(FrameStats).stats(
    visible,
    { columns: COLUMNS, filters, page: 1, pageSize: 5, ...(groupBy && { groupBy }) },
    // How fast is asked elsewhere.
    { deadlineMilliseconds: 60_000 },
  );
const plain = (summaries: Summaries): Figures => ({ ...summaries });

describe(`figures of ${isFull ? 'Online Retail' : 'a slice of Online Retail'} are those of pandas to 1e-9`, () => {
  it('stats of five columns', async () => {
    const { count, columns } = await stats();
    expect(differences({ count, columns: plain(columns) }, reference.stats)).toEqual([]);
  });

  it('stats of the rows that filters leave', async () => {
    const { count, columns } = await stats([
      { column: 'Country', operator: 'eq', value: 'France' },
      { column: 'Quantity', operator: 'gte', value: '5' },
    ]);
    expect(differences({ count, columns: plain(columns) }, reference.filtered)).toEqual([]);
  });

  it('stats by group', async () => {
    const { groups = [] } = await stats([], ['Country']);
    const ours = groups.map(({ key, count, columns }) => ({
      key: key['Country'],
      count,
      UnitPrice: columns['UnitPrice'],
    }));
    expect(differences(ours, reference.groups)).toEqual([]);
  });

  it('the profile of five columns', async () => {
    const profiles = await rig.get(FrameProfiler).profile(visible, { signal: new AbortController().signal });
    const byName = new Map<string, ColumnProfile>(profiles.map((profile) => [profile.name, profile]));
    for (const column of COLUMNS) {
      expect(differences(byName.get(column), reference.profile[column], column)).toEqual([]);
    }
  });
});
