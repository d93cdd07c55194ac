import { FrameStats, FrameValues, type VisibleSet } from '@app/frames';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FramesRig } from '../fixtures/frames-rig.js';

const UPLOADS = 12;
const ROWS_EACH = 5;

let rig: FramesRig;
let visible: VisibleSet;

/** Small uploads, of which the seventh lacks a column. */
beforeAll(async () => {
  rig = await FramesRig.start();
  const ingested: VisibleSet[] = [];
  for (let upload = 0; upload < UPLOADS; upload += 1) {
    const rows = Array.from({ length: ROWS_EACH }, (_, row) => `${upload * ROWS_EACH + row},${row % 2}`);
    const text =
      upload === 6
        ? `id\n${rows.map((row) => row.split(',')[0]).join('\n')}\n`
        : `id,parity\n${rows.join('\n')}\n`;
    ingested.push((await rig.ingest(text)).visible);
  }
  const [first] = ingested as [VisibleSet];
  visible = {
    ...first,
    id: 'twelve uploads',
    rowCount: UPLOADS * ROWS_EACH,
    uploads: ingested.flatMap(({ uploads }, at) => uploads.map((upload) => ({ ...upload, ordinal: at + 1 }))),
  };
});
afterAll(() => rig.stop());

const idsOf = async (query: object): Promise<unknown[]> =>
  (await rig.query.rows(visible, { page: 1, pageSize: 100, columns: ['id'], ...query })).rows.map(
    ({ id }) => id,
  );
const all = Array.from({ length: UPLOADS * ROWS_EACH }, (_, id) => id);
const parityOf = (id: number): number | null =>
  Math.floor(id / ROWS_EACH) === 6 ? null : (id % ROWS_EACH) % 2;

describe('many small uploads', () => {
  it('stand in the order of uploads and rows', async () => {
    expect(await idsOf({})).toEqual(all);
    expect(await idsOf({ page: 3, pageSize: 7 })).toEqual(all.slice(14, 21));
  });

  it('are filtered as one table', async () => {
    const filters = [{ column: 'parity', operator: 'eq', value: '1' }];
    expect(await idsOf({ filters })).toEqual(all.filter((id) => parityOf(id) === 1));
  });

  it('keep that order among equal keys of an ordering, nulls last', async () => {
    const expected = all.toSorted((a, b) => (parityOf(a) ?? 2) - (parityOf(b) ?? 2) || a - b);
    expect(await idsOf({ ordering: ['parity'] })).toEqual(expected);
  });

  it('give figures and values over all of them', async () => {
    const stats = await rig.get(FrameStats).stats(visible, { columns: ['id'], page: 1, pageSize: 1 });
    expect(stats).toMatchObject({ count: 60, columns: { id: { count: 60, min: 0, max: 59, sum: 1770 } } });
    const ordering = { by: 'count', direction: 'DESC' } as const;
    const { values } = await rig
      .get(FrameValues)
      .values(visible, { column: 'parity', ordering, page: 1, pageSize: 10 });
    expect(values).toEqual([
      { value: 0, count: 33 },
      { value: 1, count: 22 },
      { value: null, count: 5 },
    ]);
  });
});
