import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique, until } from './harness/index.js';
import { type Received, Receiver } from './harness/receiver.js';
import { ready, startDataset } from './harness/uploads.js';

let system: System;
let receiver: Receiver;
let tenant: Tenant;

beforeAll(async () => {
  receiver = await Receiver.start();
  system = await startSystem({
    workers: 1,
    env: {
      TASK_SWEEP_SECONDS: '1',
      TASK_LEASE_SECONDS: '2',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      DELIVERY_RETRY_SECONDS: '1,1,1,1',
    },
  });
  tenant = await system.make.tenant();
});
afterEach(() => {
  receiver.answer = (response) => response.writeHead(204).end();
});
afterAll(async () => {
  await system.stop();
  await receiver.stop();
});

interface Hook {
  id: string;
  path: string;
  secret: string;
}

async function hook(fields: object = {}): Promise<Hook> {
  const path = `/${unique('hook')}`;
  const body = { customerId: tenant.customerId, url: receiver.url + path, ...fields };
  const { id, secret } = expectStatus(await tenant.owner.api.post('/webhooks', body), 201);
  return { id, path, secret };
}

async function upload(): Promise<string> {
  const { upload } = await startDataset(tenant.analyst, tenant, `Shopper,n\n${unique('A')},1\n`);
  await ready(tenant.viewer.api, upload.id);
  return upload.id;
}

const deliveries = async ({ id }: Hook) =>
  expectStatus(await tenant.owner.api.get(`/webhooks/${id}/deliveries`), 200).results;
const delivery = (of: Hook, status: string) =>
  until(`a delivery that is ${status}`, async () => {
    const [first] = await deliveries(of);
    return first?.status === status && first;
  });
const test = async ({ id }: Hook) => expectStatus(await tenant.owner.api.post(`/webhooks/${id}/test`), 202);
const verified = (secret: string, { body, headers }: Received) =>
  new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, never>;
const remove = async ({ id }: Hook) => expectStatus(await tenant.owner.api.delete(`/webhooks/${id}`), 204);

describe('webhooks', () => {
  it('are told of the events they were made for, signed after Standard Webhooks', async () => {
    const chosen = await hook({ events: ['upload.ready'], description: 'Ours' });
    const others = await hook({ events: ['report.ready'] });
    const uploadId = await upload();
    const { attempts, messageId } = await delivery(chosen, 'delivered');
    const [received, ...rest] = receiver.at(chosen.path);
    expect(rest).toEqual([]);
    if (received === undefined) throw new Error('nothing was received');
    expect(verified(chosen.secret, received)).toMatchObject({
      type: 'upload.ready',
      data: { uploadId, customerId: tenant.customerId },
    });
    expect(received.headers).toMatchObject({ 'webhook-id': messageId, 'content-type': 'application/json' });
    expect(attempts).toMatchObject([{ delivered: true, status: 204, error: null }]);
    expect(receiver.at(others.path)).toEqual([]);
    await remove(chosen);
    await remove(others);
  });

  it('are changed, listed and deleted by owners, and show their secret once', async () => {
    const made = await hook();
    const path = `/webhooks/${made.id}`;
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const shown = expectStatus(await tenant.owner.api.get(path), 200);
    expect(shown).not.toHaveProperty('secret');
    const changes = { events: ['report.ready', 'report.ready'], description: 'Mine', enabled: false };
    expect(expectStatus(await tenant.owner.api.patch(path, changes), 200)).toMatchObject({
      ...changes,
      events: ['report.ready'],
    });
    expect((await tenant.owner.api.post(`${path}/test`)).status).toBe(409);
    const { results } = expectStatus(await tenant.owner.api.get('/webhooks?search=Mine'), 200);
    expect(results).toMatchObject([{ id: made.id }]);
    for (const body of [{ url: 'no address' }, { events: [] }, { events: ['nothing'] }, { secret: 'x' }]) {
      expect((await tenant.owner.api.patch(path, body)).status).toBe(400);
    }
    await remove(made);
    expect((await tenant.owner.api.get(path)).status).toBe(404);
    const logs = [system.apiProcess, ...system.workers].flatMap(({ output }) => output).join('\n');
    expect(logs).not.toContain(made.secret.slice(6));
  });

  it('sign with both secrets for a day after a rotation', async () => {
    const made = await hook();
    const rotated = await tenant.owner.api.post(`/webhooks/${made.id}/rotate-secret`);
    const { secret } = expectStatus(rotated, 200);
    expect(secret).not.toBe(made.secret);
    await test(made);
    await delivery(made, 'delivered');
    const [received] = receiver.at(made.path);
    if (received === undefined) throw new Error('nothing was received');
    for (const holding of [made.secret, secret]) {
      expect(verified(holding, received)).toMatchObject({ type: 'webhook.test' });
    }
    await system.database.query(`UPDATE webhooks SET previous_until = now() WHERE id = $1`, [made.id]);
    await test(made);
    await until('the second test', async () => receiver.at(made.path).length === 2);
    const last = receiver.at(made.path)[1];
    if (last === undefined) throw new Error('nothing was received');
    expect(() => verified(made.secret, last)).toThrow('No matching signature found');
    expect(verified(secret, last)).toMatchObject({ type: 'webhook.test' });
    await remove(made);
  });

  it('are twenty at a customer at most', async () => {
    const { customerId, owner } = await system.make.tenant();
    const make = async () => (await owner.api.post('/webhooks', { customerId, url: receiver.url })).status;
    for (let count = 0; count < 20; count += 1) expect(await make()).toBe(201);
    expect(await make()).toBe(422);
  });
});

describe('a delivery', () => {
  it('D12: is made again while the receiver is down, by a worker that was killed too, under one id', async () => {
    const made = await hook({ events: ['upload.ready'] });
    const uploads = [];
    let failures = 6;
    receiver.answer = (response) => {
      failures -= 1;
      response.writeHead(failures >= 0 ? 500 : 200).end();
    };
    for (let n = 0; n < 4; n += 1) uploads.push(await upload());
    await until('an attempt', async () => receiver.at(made.path).length > 0);
    await system.killWorker();
    await system.startWorker();
    await until('all of them', async () => {
      const found = await deliveries(made);
      return found.length === 4 && found.every(({ status }: { status: string }) => status === 'delivered');
    });
    const uploadsById = new Map<string, string>();
    for (const received of receiver.at(made.path)) {
      const { data } = verified(made.secret, received) as unknown as { data: { uploadId: string } };
      const id = String(received.headers['webhook-id']);
      expect(uploadsById.get(id) ?? data.uploadId).toBe(data.uploadId);
      uploadsById.set(id, data.uploadId);
    }
    // Whoever processes each id once has processed each upload once.
    expect([...uploadsById.values()].toSorted()).toEqual(uploads.toSorted());
    await remove(made);
  });

  it('waits as long as the receiver asks', async () => {
    const made = await hook();
    receiver.answer = (response) => {
      if (receiver.at(made.path).length > 1) response.writeHead(200).end();
      else response.writeHead(429, { 'Retry-After': '3' }).end();
    };
    await test(made);
    await delivery(made, 'delivered');
    const [first, second] = receiver.at(made.path);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(3000);
    expect(first?.headers['webhook-id']).toBe(second?.headers['webhook-id']);
    expect(first?.body).toBe(second?.body);
    await remove(made);
  });

  it('that is answered with 410 ends the webhook, and its members are told', async () => {
    const made = await hook();
    receiver.answer = (response) => response.writeHead(410).end();
    await test(made);
    const { attempts } = await delivery(made, 'failed');
    expect(attempts).toMatchObject([{ delivered: false, status: 410 }]);
    expect(expectStatus(await tenant.owner.api.get(`/webhooks/${made.id}`), 200)).toMatchObject({
      enabled: false,
      disabledReason: 'The receiver answered 410.',
    });
    const told = expectStatus(await tenant.owner.api.get('/notifications?type=webhook.disabled'), 200);
    expect(told.results[0].data).toEqual({ webhookId: made.id });
    const enabled = await tenant.owner.api.patch(`/webhooks/${made.id}`, { enabled: true });
    expect(expectStatus(enabled, 200)).toMatchObject({ enabled: true, disabledReason: null });
    await remove(made);
  });

  it('that failed in every attempt ends as failed, and can be replayed under the same id', async () => {
    const made = await hook({ events: ['upload.failed'] });
    receiver.answer = (response) => response.writeHead(503).end();
    const { delivery: ordered } = await test(made);
    const { attempts } = await delivery(made, 'failed');
    expect(attempts).toHaveLength(5);
    expect(expectStatus(await tenant.owner.api.get(`/webhooks/${made.id}`), 200).enabled).toBe(false);
    expectStatus(await tenant.owner.api.patch(`/webhooks/${made.id}`, { enabled: true }), 200);
    receiver.answer = (response) => response.writeHead(200).end();
    const path = `/webhooks/${made.id}/deliveries/${ordered.id}/replay`;
    const replayed = await tenant.owner.api.post(path);
    expect(expectStatus(replayed, 202).delivery.id).toBe(ordered.id);
    expect(replayed.headers.get('location')).toBe(`/api/v1/tasks/${replayed.body.task.id}`);
    await delivery(made, 'delivered');
    const ids = receiver.at(made.path).map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(1);
    await remove(made);
  });

  it('follows no redirect, waits ten seconds and shows nothing of an answer', async () => {
    const canary = await Receiver.start();
    const moved = await hook();
    receiver.answer = (response) => response.writeHead(302, { Location: canary.url }).end('hidden text');
    await test(moved);
    const { attempts } = await delivery(moved, 'failed');
    expect(attempts[0]).toMatchObject({
      status: 302,
      error: expect.stringContaining('redirects are not followed'),
    });
    expect(canary.received).toEqual([]);
    expect(JSON.stringify(await deliveries(moved))).not.toContain('hidden text');
    await canary.stop();
    const silent = await hook();
    receiver.answer = () => undefined;
    await test(silent);
    const first = await until('the first attempt', async () => (await deliveries(silent))[0].attempts[0]);
    expect(first).toMatchObject({ status: null, error: 'The receiver did not answer in time.' });
    expect(first.milliseconds).toBeGreaterThanOrEqual(9900);
    expect(first.milliseconds).toBeLessThan(12_000);
    await remove(moved);
    await remove(silent);
  });
});
