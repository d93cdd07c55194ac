import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import type { Sql } from '../habits/sales.js';
import { RFM_GROUPS, type RfmCuts, rfmQuantiles, rfmScores } from './rfm-groups.js';

const connection = await (await DuckDBInstance.create(':memory:')).connect();
const rowsOf = async ({ text, values }: Sql) =>
  (await connection.runAndReadAll(text, values)).getRowObjectsJS() as Record<string, unknown>[];

/** A table of shoppers given as [recency, orders, revenue]. */
const table = (shoppers: number[][]): string =>
  `(VALUES ${shoppers.map((values, place) => `(${[place, ...values].join(', ')})`).join(', ')}) AS t(place, recency, orders, revenue)`;

const CUTS: RfmCuts = { r: [10, 20, 30, 40], f: [1, 2, 3, 4], m: [10, 20, 30, 40] };
const groupsOf = async (shoppers: number[][], cuts = CUTS) =>
  (await rowsOf({ ...rfmScores(table(shoppers), cuts) })).map(({ r, f, m, grp }) => [r, f, m, grp]);

describe('rfmScores', () => {
  it('gives the best score to the latest, the most frequent and the biggest spenders', async () => {
    expect(
      await groupsOf([
        [3, 9, 99],
        [10, 1, 10],
        [11, 4, 30],
        [25, 3, 30],
        [41, 9, 99],
        [99, 1, 1],
        [99, 2, 20],
      ]),
    ).toEqual([
      [5, 5, 5, 'Champions'],
      [5, 1, 1, 'New'],
      [4, 4, 3, 'Loyal'],
      [3, 3, 3, 'Need attention'],
      [1, 5, 5, 'Cannot lose'],
      [1, 1, 1, 'Lost'],
      [1, 2, 2, 'Hibernating'],
    ]);
  });

  it('knows all groups, and stretches other numbers of scores to five', async () => {
    const all = [5, 15, 25, 35, 45].flatMap((days) =>
      [1, 2, 3, 4, 5].map((orders) => [days, orders, orders * 10]),
    );
    const groups = (await groupsOf(all)).map(([, , , group]) => group);
    expect(new Set(groups)).toEqual(new Set(RFM_GROUPS));
    const few = { r: [30], f: [2, 4], m: [100] };
    expect(
      await groupsOf(
        [
          [1, 5, 500],
          [60, 1, 5],
          [1, 1, 5],
        ],
        few,
      ),
    ).toEqual([
      [2, 3, 2, 'Champions'],
      [1, 1, 1, 'Lost'],
      [2, 1, 1, 'New'],
    ]);
  });
});

describe('rfmQuantiles', () => {
  it('cuts as NumPy does, and equal values have equal scores', async () => {
    const shoppers = table([1, 2, 3, 4, 5, 6, 7, 8, 9, 11].map((days) => [days, 1, days * days]));
    expect(await rowsOf(rfmQuantiles(shoppers, 4))).toEqual([
      { r: [3.25, 5.5, 7.75], f: [1, 1, 1], m: [10.75, 30.5, 60.25] },
    ]);
    const scores = await rowsOf(rfmScores(shoppers, { r: [3.25, 5.5, 7.75], f: [1, 1, 1], m: [50, 60] }));
    expect(new Set(scores.map(({ f }) => f))).toEqual(new Set([1]));
    expect(scores.map(({ r }) => r)).toEqual([4, 4, 4, 3, 3, 2, 2, 1, 1, 1]);
  });
});
