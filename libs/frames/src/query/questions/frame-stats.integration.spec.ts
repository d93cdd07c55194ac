import { FrameStats, type StatsAnswer } from '@app/frames';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FramesRig } from '../../fixtures/frames-rig.js';

let rig: FramesRig;
beforeAll(async () => {
  rig = await FramesRig.start();
});
afterAll(() => rig.stop());

/** Groups of one to five rows; the one without a name has two. */
const tableOf = (groups: number): string => {
  const lines = Array.from({ length: groups }, (_, group) =>
    Array.from({ length: 1 + (group % 5) }, (__, row) => `g${String(group).padStart(4, '0')},${row + 1}`),
  ).flat();
  return `name,value\n${lines.join('\n')}\n,10\n,20\n`;
};

const told = ({ groups = [] }: StatsAnswer): unknown[] =>
  groups.map(({ key: { name }, count, columns: { value } }) => [name, count, value?.max]);

// Few groups are told of in one pass, many by a pass for those that are asked for.
describe.each([8, 1500])('stats by %i groups', (named) => {
  let ask: (page: number, filter?: string) => Promise<StatsAnswer>;
  beforeAll(async () => {
    const { visible } = await rig.ingest(tableOf(named));
    ask = (page, filter) =>
      rig.get(FrameStats).stats(visible, {
        groupBy: ['name'],
        page,
        pageSize: 3,
        filters: filter === undefined ? [] : [{ column: 'value', operator: 'gt', value: filter }],
      });
  });
  it('tells of the largest first, of equal ones by key, null last', async () => {
    const all = Array.from({ length: named }, (_, group) => [
      `g${String(group).padStart(4, '0')}`,
      1 + (group % 5),
      1 + (group % 5),
    ]);
    const rows = [...all, [null, 2, 20]].toSorted(
      (left, right) =>
        Number(right[1]) - Number(left[1]) || Number(left[0] === null) - Number(right[0] === null),
    );
    const last = Math.ceil(rows.length / 3);
    for (const page of [1, 2, last, last + 1]) {
      const answer = await ask(page);
      expect(told(answer)).toEqual(rows.slice(page * 3 - 3, page * 3));
      expect(answer).toMatchObject({
        groupCount: named + 1,
        count: rows.reduce((sum, [, count]) => sum + Number(count), 0),
        columns: { value: { min: 1, max: 20 } },
      });
    }
  });

  it('tells of what filters leave, also where that is nothing', async () => {
    expect(told(await ask(1, '15'))).toEqual([[null, 1, 20]]);
    expect(await ask(1, '20')).toEqual({ count: 0, columns: {} });
  });
});
