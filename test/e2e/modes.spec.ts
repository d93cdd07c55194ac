import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique } from './harness/index.js';
import { csvForm, ready, startDataset } from './harness/uploads.js';
import type { JsonBody } from './harness/api-client.js';

let system: System;
let tenant: Tenant;

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

/** Stock by shelf; a note that no other file has keeps the same rows from being the same bytes. */
const stock = (...rows: string[]): string =>
  `shelf,item,pieces,note\n${rows.map((row) => `${row}\n`).join('')}`;

const begin = async (content: string): Promise<string> => {
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, content);
  await ready(tenant.viewer.api, upload.id);
  return dataset.id;
};

const send = async (datasetId: string, content: string, fields: Record<string, string>) =>
  tenant.analyst.api.post(`/datasets/${datasetId}/uploads`, csvForm(fields, content));

const add = async (datasetId: string, content: string, fields: Record<string, string>): Promise<JsonBody> => {
  const { upload } = expectStatus(await send(datasetId, content, fields), 202);
  return ready(tenant.viewer.api, upload.id);
};

const undo = async (uploadId: string): Promise<void> => {
  expectStatus(await tenant.analyst.api.delete(`/uploads/${uploadId}`), 204);
};

/** All rows as `shelf item pieces`, read page by page, as a page must not depend on the size of its neighbours. */
const rowsOf = async (datasetId: string, query = ''): Promise<string[]> => {
  const rows: string[] = [];
  for (let page = 1; ; page += 1) {
    const path = `/datasets/${datasetId}/rows?pageSize=2&page=${page}${query}`;
    const { results, next, count } = expectStatus(await tenant.viewer.api.get(path), 200);
    rows.push(...results.map(({ shelf, item, pieces }: JsonBody) => `${shelf} ${item} ${pieces}`));
    if (next === null) {
      expect(rows).toHaveLength(count);
      return rows;
    }
  }
};

const dataset = async (id: string): Promise<JsonBody> =>
  expectStatus(await tenant.viewer.api.get(`/datasets/${id}`), 200);

const commas = (...rows: string[]): string => `"a,b",item,pieces,shelf\n${rows.join('\n')}\n`;

const UPSERT = { mode: 'upsert', keyColumns: 'shelf' };

describe('upsert', () => {
  it('takes the place of rows with the same key, counts, and undone leaves what was there before', async () => {
    const id = await begin(stock('1,cup,5,a', '2,pot,7,a', '2,lid,1,a', '3,pan,9,a'));
    const before = await dataset(id);
    const all = await rowsOf(id);
    const upload = await add(id, stock('2,pot,8,b', '3,pan,9,a', `4,jug,2,${unique('n')}`), UPSERT);
    expect(upload).toMatchObject({
      mode: 'upsert',
      keyColumns: ['shelf'],
      rowCount: 3,
      counts: { created: 1, updated: 1, unchanged: 1, removed: 0 },
    });
    const shown = ['1 cup 5', '2 pot 8', '3 pan 9', '4 jug 2'];
    expect(await rowsOf(id)).toEqual(shown);
    expect(await rowsOf(id, '&filter[pieces][gt]=5')).toEqual(['2 pot 8', '3 pan 9']);
    expect(await rowsOf(id, '&ordering=-pieces')).toEqual(['3 pan 9', '2 pot 8', '1 cup 5', '4 jug 2']);
    const after = await dataset(id);
    expect(after).toMatchObject({ rowCount: 4, uploadCount: 2 });
    const pieces = after.columns.find(({ name }: { name: string }) => name === 'pieces');
    expect(pieces).toMatchObject({ min: 2, max: 9 });

    await undo(upload.id);
    expect(await rowsOf(id)).toEqual(all);
    expect(await dataset(id)).toEqual({ ...before, updatedAt: expect.any(String) });
  });

  it('lets the last row of a key win within a file and names the earlier ones', async () => {
    const id = await begin(stock('1,cup,5,a'));
    const content = stock('1,cup,6,x', '7,tin,1,x', '1,cup,7,x', `7,tin,2,${unique('n')}`);
    const upload = await add(id, content, UPSERT);
    expect(upload).toMatchObject({
      rowCount: 4,
      rejectedCount: 0,
      anomalyCounts: { duplicate_key: 2 },
      counts: { created: 1, updated: 1 },
    });
    expect(await rowsOf(id)).toEqual(['1 cup 7', '7 tin 2']);
    const path = `/uploads/${upload.id}/anomalies?type=duplicate_key`;
    const { results } = expectStatus(await tenant.viewer.api.get(path), 200);
    expect(results.map(({ line, column }: JsonBody) => [line, column])).toEqual([
      [2, null],
      [3, null],
    ]);
  });

  it('rejects rows whose key is empty', async () => {
    const id = await begin(stock(`1,cup,5,${unique('n')}`));
    const upload = await add(id, stock(',cup,6,x', ` ,pot,1,x`, `2,jar,3,${unique('n')}`), UPSERT);
    expect(upload).toMatchObject({ rowCount: 1, rejectedCount: 2, anomalyCounts: { empty_key: 2 } });
    expect(await rowsOf(id)).toEqual(['1 cup 5', '2 jar 3']);
    const rejects = await tenant.viewer.api.get(`/uploads/${upload.id}/rejects`);
    expect(rejects.text.split('\n').slice(0, 3)).toEqual(['shelf,item,pieces,note', ',cup,6,x', ' ,pot,1,x']);
  });

  it('takes several columns for the key, also one whose name has a comma', async () => {
    const id = await begin(commas('1,cup,1,s', '1,pot,2,s', '2,cup,3,s'));
    const fields = { mode: 'upsert', keyColumns: JSON.stringify(['a,b', 'item']) };
    await add(id, commas('1,pot,9,s', `2,pot,8,s`), fields);
    expect(await rowsOf(id)).toEqual(['s cup 1', 's cup 3', 's pot 9', 's pot 8']);
  });

  it('matches keys as values where a later file has them as decimals', async () => {
    const id = await begin('shelf,item,pieces\n1,cup,1\n2,pot,2\n');
    await add(id, 'shelf,item,pieces\n1.0,cup,5\n2.5,jar,6\n', UPSERT);
    expect(await rowsOf(id)).toEqual(['2 pot 2', '1 cup 5', '2.5 jar 6']);
  });
});

describe('mirror', () => {
  it('hides what the file lacks, counts by key, and undone brings it back', async () => {
    const id = await begin(stock('1,cup,5,a', '2,pot,7,a', '3,pan,9,a'));
    const mirrored = await add(id, stock('2,pot,7,a', '3,pan,1,a', `5,fork,4,${unique('n')}`), {
      mode: 'mirror',
      keyColumns: 'shelf',
    });
    expect(mirrored.counts).toEqual({ created: 1, updated: 1, unchanged: 1, removed: 1 });
    expect(await rowsOf(id)).toEqual(['2 pot 7', '3 pan 1', '5 fork 4']);
    await undo(mirrored.id);
    expect(await rowsOf(id)).toEqual(['1 cup 5', '2 pot 7', '3 pan 9']);
  });

  it('lets bytes that it hid come again', async () => {
    const content = stock('1,cup,5,a', `2,pot,7,${unique('n')}`);
    const id = await begin(content);
    await add(id, stock('1,cup,5,b', `9,pot,7,${unique('n')}`), { mode: 'mirror', keyColumns: 'shelf' });
    await add(id, content, { mode: 'append' });
    expect(await rowsOf(id)).toEqual(['1 cup 5', '9 pot 7', '1 cup 5', '2 pot 7']);
  });
});

describe('any upload', () => {
  it('undone in the middle leaves the fold of the others', async () => {
    const id = await begin(stock('1,cup,1,a', '2,pot,1,a'));
    const first = await add(id, stock('1,cup,2,b', `3,pan,2,${unique('n')}`), UPSERT);
    const appended = await add(id, stock('3,pan,3,c', `1,lid,3,${unique('n')}`), { mode: 'append' });
    const second = await add(id, stock(`3,pan,4,${unique('n')}`), UPSERT);
    expect(await rowsOf(id)).toEqual(['2 pot 1', '1 cup 2', '1 lid 3', '3 pan 4']);
    await undo(first.id);
    expect(await rowsOf(id)).toEqual(['1 cup 1', '2 pot 1', '1 lid 3', '3 pan 4']);
    await undo(second.id);
    expect(await rowsOf(id)).toEqual(['1 cup 1', '2 pot 1', '3 pan 3', '1 lid 3']);
    await undo(appended.id);
    expect(await rowsOf(id)).toEqual(['1 cup 1', '2 pot 1']);
  });

  it('tells what append and replace did', async () => {
    const id = await begin(stock('1,cup,1,a', `2,pot,1,${unique('n')}`));
    const appended = await add(id, stock(`3,pan,2,${unique('n')}`), { mode: 'append' });
    expect(appended.counts).toEqual({ created: 1, updated: 0, unchanged: 0, removed: 0 });
    const replaced = await add(id, stock(`4,jug,2,${unique('n')}`), { mode: 'replace' });
    expect(replaced.counts).toEqual({ created: 1, updated: 0, unchanged: 0, removed: 3 });
  });
});

const fieldsOf = (mode: string, keyColumns?: string): Record<string, string> => ({
  mode,
  ...(keyColumns !== undefined && { keyColumns }),
});

describe('keyColumns', () => {
  it.each([
    ['missing', fieldsOf('upsert')],
    ['missing', fieldsOf('mirror')],
    ['empty', fieldsOf('upsert', ',')],
    ['unknown to the file', fieldsOf('upsert', 'shelf,colour')],
    ['no list', fieldsOf('mirror', '[1')],
    ['given without need', fieldsOf('append', 'shelf')],
  ])('are refused with 400 where they are %s: %o', async (_why, fields) => {
    const id = (
      await tenant.analyst.api.post('/datasets', { customerId: tenant.customerId, name: unique('d') })
    ).body.id as string;
    const answer = await send(id, stock(`1,cup,1,${unique('n')}`), fields);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
    expect(Object.keys(answer.body.fields)).toEqual(['keyColumns']);
  });
});
