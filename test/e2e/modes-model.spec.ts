import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  oneof,
  option,
  record,
  tuple,
} from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique, until } from './harness/index.js';
import type { JsonBody } from './harness/api-client.js';
import { csvForm, ready } from './harness/uploads.js';

/** Cells of a row; an empty `shelf` is a missing part of the key. */
interface Row {
  shelf: number | null;
  item: number;
  pieces: number;
}

interface Send {
  do: 'send';
  mode: 'append' | 'replace' | 'upsert' | 'mirror';
  keys: readonly ('shelf' | 'item')[];
  rows: Row[];
}

/** Of one of the uploads so far, counted around. */
interface Again {
  do: 'undo' | 'reprocess';
  which: number;
}

interface Held {
  id: string;
  keys: readonly ('shelf' | 'item')[];
  mode: Send['mode'];
  rows: Row[];
}

/** Sequences that are tried; more with MODEL_RUNS. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 4);

let system: System;
let tenant: Tenant;

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

const text = ({ shelf, item, pieces }: Row): string => `${shelf ?? ''},${item},${pieces}`;
const keyOf = (row: Row, keys: Send['keys']): string => keys.map((name) => row[name]).join('|');
const isKeyed = ({ mode }: Pick<Send, 'mode'>): boolean => mode === 'upsert' || mode === 'mirror';
const isRejected = (row: Row, { keys }: Pick<Send, 'keys'>): boolean =>
  keys.some((name) => row[name] === null);

/** The rows of a file that count: of a key the last. */
function ownRows({ keys, rows }: Pick<Held, 'keys' | 'rows'>): Row[] {
  const accepted = rows.filter((row) => !isRejected(row, { keys }));
  if (keys.length === 0) return accepted;
  const last = new Map(accepted.map((row) => [keyOf(row, keys), row]));
  return accepted.filter((row) => last.get(keyOf(row, keys)) === row);
}

/** The rules as they read: one upload after the other is laid over the table. */
function shown(uploads: readonly Pick<Held, 'mode' | 'keys' | 'rows'>[]): Row[] {
  let visible: Row[] = [];
  for (const upload of uploads) {
    const own = ownRows(upload);
    const taken = new Set(own.map((row) => keyOf(row, upload.keys)));
    if (upload.mode === 'replace' || upload.mode === 'mirror') visible = [];
    if (upload.mode === 'upsert') visible = visible.filter((row) => !taken.has(keyOf(row, upload.keys)));
    visible = [...visible, ...own];
  }
  return visible;
}

function countsOf(before: Row[], sent: Send): Record<string, number> {
  const own = ownRows(sent);
  if (!isKeyed(sent)) {
    const removed = sent.mode === 'replace' ? before.length : 0;
    return { created: own.length, updated: 0, unchanged: 0, removed };
  }
  const prior = new Map<string, string[]>();
  for (const row of before) {
    const key = keyOf(row, sent.keys);
    prior.set(key, [...(prior.get(key) ?? []), text(row)]);
  }
  const known = own.filter((row) => prior.has(keyOf(row, sent.keys)));
  const same = known.filter((row) => prior.get(keyOf(row, sent.keys))?.join('\n') === text(row));
  const missing = prior.size - known.length;
  return {
    created: own.length - known.length,
    updated: known.length - same.length,
    unchanged: same.length,
    removed: sent.mode === 'mirror' ? missing : 0,
  };
}

/** Empty lines at the end are no records: the same rows come in other bytes each time. */
let files = 0;
const fileOf = (rows: readonly Row[]): string =>
  `shelf,item,pieces\n${rows.map((row) => `${text(row)}\n`).join('')}${'\n'.repeat((files += 1))}`;

const get = async (path: string): Promise<JsonBody> => expectStatus(await tenant.viewer.api.get(path), 200);

/** A dataset with the uploads that it should be the fold of. */
interface Subject {
  id: string;
  held: Held[];
}

async function perform(subject: Subject, step: Send | Again): Promise<void> {
  if (step.do === 'send') await sendFile(subject, step);
  else await doAgain(subject, step);
  const expected = shown(subject.held).map(text);
  const { results, count } = await get(`/datasets/${subject.id}/rows?pageSize=1000`);
  expect(results.map((row: Row) => text(row))).toEqual(expected);
  expect([count, (await get(`/datasets/${subject.id}`)).rowCount]).toEqual([
    expected.length,
    expected.length,
  ]);
}

async function sendFile(subject: Subject, step: Send): Promise<void> {
  const { mode, keys, rows } = step;
  const content = fileOf(rows);
  const fields = { mode, ...(keys.length > 0 && { keyColumns: keys.join(',') }) };
  const path = `/datasets/${subject.id}/uploads`;
  const post = (query: string) => tenant.analyst.api.post(`${path}${query}`, csvForm(fields, content));
  const tried = expectStatus(await post('?dryRun=true'), 200);
  const { upload } = expectStatus(await post(''), 202);
  const loaded = await ready(tenant.viewer.api, upload.id);
  const counts = countsOf(shown(subject.held), step);
  expect(loaded.counts).toEqual(counts);
  expect(loaded.rejectedCount).toBe(rows.filter((row) => isRejected(row, step)).length);
  const { rowCount, rejectedCount, duplicateCount } = loaded;
  const real = { ...counts, rows: rowCount, rejected: rejectedCount, duplicates: duplicateCount };
  expect(tried.counts).toMatchObject(real);
  subject.held.push({ id: upload.id, mode, keys, rows });
}

async function doAgain(subject: Subject, { do: what, which }: Again): Promise<void> {
  const upload = subject.held[which % Math.max(1, subject.held.length)];
  if (upload === undefined) return;
  if (what === 'undo') {
    expectStatus(await tenant.analyst.api.delete(`/uploads/${upload.id}`), 204);
    subject.held = subject.held.filter(({ id }) => id !== upload.id);
    return;
  }
  const { task } = expectStatus(await tenant.analyst.api.post(`/uploads/${upload.id}/reprocess`, {}), 202);
  await until('the file to be read again', async () => {
    const { status, error } = await get(`/tasks/${task.id}`);
    if (status === 'failed') throw new Error(JSON.stringify(error));
    return status === 'succeeded';
  });
}

const small = integer({ min: 0, max: 3 });
const whole = record({ shelf: small, item: small, pieces: small });
/** The first row has all of its key, so that something of each file can be loaded. */
const rows = tuple(
  whole,
  array(record({ shelf: option(small), item: small, pieces: small }), { maxLength: 6 }),
).map(([first, others]): Row[] => [first, ...others]);
const keys = constantFrom<Send['keys']>(['shelf'], ['item'], ['shelf', 'item']);
const send = oneof(
  record({
    do: constantFrom('send' as const),
    mode: constantFrom('append' as const, 'replace' as const),
    rows,
  }).map((step): Send => ({ ...step, keys: [] })),
  record({
    do: constantFrom('send' as const),
    mode: constantFrom('upsert' as const, 'mirror' as const, 'upsert' as const),
    keys,
    rows,
  }),
);
const again = record({
  do: constantFrom('undo' as const, 'reprocess' as const),
  which: integer({ min: 0, max: 9 }),
});
const steps = tuple(
  send,
  array(oneof({ weight: 2, arbitrary: send }, { weight: 1, arbitrary: again }), {
    minLength: 3,
    maxLength: 7,
  }),
);

it('C12: any sequence of uploads, undos and repeated readings shows what the rules say, and a dry run foretold it', async () => {
  await assert(
    asyncProperty(steps, async ([first, others]) => {
      const body = { customerId: tenant.customerId, name: unique('model') };
      const { id } = expectStatus(await tenant.analyst.api.post('/datasets', body), 201);
      const subject: Subject = { id, held: [] };
      for (const step of [first, ...others]) await perform(subject, step);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});
