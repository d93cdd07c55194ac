import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from './harness/app-process.js';
import { expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';
import { EventReader } from './harness/stream.js';
import { ready, startDataset } from './harness/uploads.js';

const API = fileURLToPath(new URL('../../dist/apps/api/src/main.js', import.meta.url));
const EVENTS = 1000;
const CUTS = 50;

let system: System;
let tenant: Tenant;
/** A second api process of the same system. */
let other: AppProcess;

beforeAll(async () => {
  system = await startSystem({ workers: 1, env: { TASK_SWEEP_SECONDS: '1' } });
  tenant = await system.make.tenant();
  other = (await AppProcess.start('second api', API, system.environment)).process;
});
afterAll(async () => {
  await other.stop();
  await system.stop();
});

const rows = (n: number): string => `Shopper,n\nA,${n}\nB,${n}\n`;

describe('GET /events', () => {
  it('tells tasks and notifications of the caller as they happen, on any api process', async () => {
    const reader = new EventReader(tenant.viewer.accessToken);
    await reader.open(other.url);
    const { upload, task } = await startDataset(tenant.analyst, tenant, rows(1));
    await ready(tenant.viewer.api, upload.id);
    const notification = await until('the notification', async () => reader.of('notification')[0]);
    const statuses = () =>
      reader.of('task').flatMap(({ data }) => (data.id === task.id ? [data.status] : []));
    await until('the end of the task', async () => statuses().includes('succeeded'));
    await reader.cut();
    expect(reader.events[0]).toMatchObject({ event: 'ready', data: { unread: 0 } });
    expect(notification.data).toMatchObject({
      type: 'upload.ready',
      uploadId: upload.id,
      customerId: tenant.customerId,
      read: false,
    });
  });

  it('sends what was missed and ends, where the client does not want to wait', async () => {
    const { text, headers } = await tenant.viewer.api.get('/events?follow=false', {
      headers: { 'last-event-id': '0' },
    });
    expect(headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(text).toContain('event: notification\n');
    const stranger = await system.make.tenant();
    const theirs = await stranger.owner.api.get('/events?follow=false', {
      headers: { 'last-event-id': '0' },
    });
    expect(theirs.text).not.toContain(tenant.customerId);
  });

  it('refuses what is no id, and says so where an id is none of its own', async () => {
    const wrong = await tenant.viewer.api.get('/events?follow=false', { headers: { 'last-event-id': 'x' } });
    expect(wrong.status).toBe(400);
    const ahead = await tenant.viewer.api.get('/events?follow=false', {
      headers: { 'last-event-id': '999999999' },
    });
    expect(ahead.text).toMatch(/^event: reset\n/);
  });

  it(`D12: misses none of ${EVENTS} events over ${CUTS} cuts, written by transactions that overlap`, async () => {
    const reader = new EventReader(tenant.viewer.accessToken);
    await reader.open(system.baseUrl);
    await until('the stream to begin', async () => reader.lastId);
    const written = writeNotifications();
    for (let cut = 0; cut < CUTS; cut += 1) {
      const seen = reader.of('notification').length;
      await until('something new', async () => reader.of('notification').length > seen || written.isOver);
      await reader.cut();
      await reader.open(cut % 2 === 0 ? other.url : system.baseUrl);
    }
    const expected = await written.ids;
    await until('the rest', async () => idsOf(reader).size >= EVENTS);
    await reader.cut();
    expect(idsOf(reader)).toEqual(new Set(expected));
    // Each once: what a reader has an id of is not sent again.
    expect(reader.of('notification')).toHaveLength(EVENTS);
  });
});

const idsOf = (reader: EventReader): Set<string> =>
  new Set(reader.of('notification').map(({ data }) => data.id as string));

/** In a transaction of its own, which stays open for a while. */
async function writeNotification(key: string, pauseSeconds: number): Promise<string> {
  const client = await system.database.connect();
  try {
    await client.query('BEGIN');
    const { rows: made } = await client.query<{ id: string }>(
      `WITH notice AS (
         INSERT INTO notices (id, customer_id, type, key, title, text)
           VALUES (gen_random_uuid(), $1, 'upload.ready', $2, 'A', 'B') RETURNING id)
       INSERT INTO notifications (id, notice_id, customer_id, user_id)
         SELECT gen_random_uuid(), id, $1, $3 FROM notice RETURNING id`,
      [tenant.customerId, key, tenant.viewer.id],
    );
    await client.query('SELECT pg_sleep($1)', [pauseSeconds]);
    await client.query('COMMIT');
    return made[0]?.id ?? '';
  } finally {
    client.release();
  }
}

async function writeHalf(name: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < EVENTS / 2; n += 1) {
    ids.push(await writeNotification(`${name}-${n}`, ((n * 7 + name * 3) % 5) * 0.004));
  }
  return ids;
}

/** Transactions of different length, so that rows come into sight in another order than their numbers. */
function writeNotifications(): { ids: Promise<string[]>; isOver: boolean } {
  const writing = { isOver: false, ids: Promise.resolve<string[]>([]) };
  writing.ids = Promise.all([writeHalf(1), writeHalf(2)]).then((ids) => {
    writing.isOver = true;
    return ids.flat();
  });
  return writing;
}

describe('who may no longer see a customer', () => {
  it('hears nothing more of it on a stream that is open', async () => {
    const guest = await system.make.user('guest');
    const members = `/customers/${tenant.customerId}/members`;
    expectStatus(await tenant.owner.api.post(members, { userId: guest.id, role: 'viewer' }), 201);
    const reader = new EventReader(guest.accessToken);
    await reader.open(system.baseUrl);
    await until('the stream to begin', async () => reader.lastId);
    const first = await startDataset(tenant.analyst, tenant, rows(2));
    await until('a task', async () => reader.of('task').some(({ data }) => data.id === first.task.id));
    expectStatus(await tenant.owner.api.delete(`${members}/${guest.id}`), 204);
    const second = await startDataset(tenant.analyst, tenant, rows(3));
    await ready(tenant.viewer.api, second.upload.id);
    await reader.cut();
    await reader.open(other.url);
    await reader.cut();
    expect(JSON.stringify(reader.events)).not.toContain(second.upload.id);
    expect((await guest.api.get('/notifications')).body.count).toBe(0);
  });
});
