import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique } from './harness/index.js';

const NOBODY = '0190a000-0000-7000-8000-000000000000';

let system: System;
let tenant: Tenant;

beforeAll(async () => {
  system = await startSystem({ env: { LOGIN_ATTEMPTS_PER_ADDRESS: '100000' } });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

describe('customers', () => {
  it('belong to whoever makes them, and are changed by PUT and PATCH', async () => {
    const owner = await system.make.user();
    const name = unique('Shop');
    const made = await owner.api.post('/customers', { name, description: ' Gifts ' });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      name,
      description: 'Gifts',
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const path = `/customers/${made.body.id}`;
    expect(made.headers.get('location')).toBe(`/api/v1${path}`);
    expect((await owner.api.get(path)).body).toEqual(made.body);
    const members = await owner.api.get(`${path}/members`);
    expect(members.body.results).toEqual([expect.objectContaining({ userId: owner.id, role: 'owner' })]);
    expect((await owner.api.patch(path, { name: 'B' })).body).toMatchObject({
      name: 'B',
      description: 'Gifts',
    });
    expect((await owner.api.put(path, { name: 'C' })).body).toMatchObject({ name: 'C', description: '' });
  });

  it('are listed for their members only, for administrators all', async () => {
    const mine = await tenant.viewer.api.get('/customers');
    expect(mine.body).toMatchObject({ count: 1, results: [{ id: tenant.customerId }] });
    const other = await system.make.tenant();
    const all = await system.admin.api.get('/customers?pageSize=100');
    const ids = all.body.results.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(expect.arrayContaining([tenant.customerId, other.customerId]));
    const found = await system.admin.api.get(
      `/customers?search=${encodeURIComponent('CUSTOMER-')}&ordering=-createdAt&pageSize=1`,
    );
    expect(found.body.results).toMatchObject([{ id: other.customerId }]);
  });

  it.each([
    ['no name', {}],
    ['an empty name', { name: '  ' }],
    ['a name that is a number', { name: 5 }],
    ['a name without end', { name: 'x'.repeat(201) }],
    ['a NUL', { name: 'a\0b' }],
    ['an id', { name: 'A', id: NOBODY }],
    ['a deletion', { name: 'A', deletedAt: null }],
  ])('S5: are not made with %s', async (_what, body) => {
    const answer = await tenant.owner.api.post('/customers', body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_parameter']);
  });

  it('once deleted answer to nobody, and neither does what is theirs', async () => {
    const gone = await system.make.tenant();
    const path = `/customers/${gone.customerId}`;
    const made = await gone.owner.api.post('/api-keys', { customerId: gone.customerId, role: 'owner' });
    const { key } = expectStatus(made, 201);
    expectStatus(await gone.owner.api.delete(path), 204);
    const paths = [path, `${path}/members`, `${path}/stores`, `${path}/stores/${gone.storeId}`];
    for (const api of [gone.owner.api, gone.viewer.api, system.admin.api]) {
      for (const each of paths) expect([each, (await api.get(each)).status]).toEqual([each, 404]);
      expect((await api.get('/customers?pageSize=100')).text).not.toContain(gone.customerId);
    }
    expect((await system.api.as(key).get(path)).status).toBe(401);
    expect((await gone.owner.api.delete(path)).status).toBe(404);
  });
});

describe('members', () => {
  it('are added by id or e-mail address, once', async () => {
    const byId = await system.make.user();
    const byEmail = await system.make.user();
    const path = `/customers/${tenant.customerId}/members`;
    const first = await tenant.owner.api.post(path, { userId: byId.id, role: 'viewer' });
    expect([first.status, first.headers.get('location')]).toEqual([201, `/api/v1${path}/${byId.id}`]);
    expect(first.body).toEqual({
      userId: byId.id,
      email: byId.email,
      name: 'user',
      role: 'viewer',
      createdAt: expect.any(String),
    });
    const body = { email: byEmail.email.toUpperCase(), role: 'analyst' };
    expect((await tenant.owner.api.post(path, body)).body).toMatchObject({ userId: byEmail.id });
    const again = await tenant.owner.api.post(path, body);
    expect([again.status, again.body.code]).toEqual([409, 'duplicate']);
    const found = await tenant.owner.api.get(`${path}?role=analyst&search=${byEmail.email}`);
    expect(found.body).toMatchObject({ count: 1, results: [{ userId: byEmail.id, role: 'analyst' }] });
  });

  it.each([
    ['nobody', { role: 'viewer' }, 400],
    ['two names for one', { userId: NOBODY, email: 'a@example.com', role: 'viewer' }, 400],
    ['an unknown role', { userId: NOBODY, role: 'administrator' }, 400],
    ['an unknown user', { userId: NOBODY, role: 'viewer' }, 404],
    ['an unknown address', { email: 'nobody@example.com', role: 'viewer' }, 404],
  ])('are not %s', async (_what, body, status) => {
    const answer = await tenant.owner.api.post(`/customers/${tenant.customerId}/members`, body);
    expect(answer.status).toBe(status);
  });

  it('S7: lose what a role gave them as soon as it is taken', async () => {
    const user = await system.make.user();
    const path = `/customers/${tenant.customerId}`;
    expect((await user.api.get(path)).status).toBe(404);
    expectStatus(await tenant.owner.api.post(`${path}/members`, { userId: user.id, role: 'owner' }), 201);
    expect((await user.api.patch(path, { description: 'mine' })).status).toBe(200);
    expectStatus(await tenant.owner.api.patch(`${path}/members/${user.id}`, { role: 'viewer' }), 200);
    expect((await user.api.patch(path, { description: 'still mine' })).status).toBe(403);
    expect((await user.api.get(path)).status).toBe(200);
    expectStatus(await tenant.owner.api.delete(`${path}/members/${user.id}`), 204);
    expect((await user.api.get(path)).status).toBe(404);
    expect((await tenant.owner.api.delete(`${path}/members/${user.id}`)).status).toBe(404);
    expect((await tenant.owner.api.delete(`${path}/members/nonsense`)).status).toBe(404);
  });

  it('S19: the last owner stays, also when two leave at once', async () => {
    const { owner, customerId } = await system.make.tenant();
    const path = `/customers/${customerId}/members`;
    for (const leave of [
      () => owner.api.patch(`${path}/${owner.id}`, { role: 'viewer' }),
      () => owner.api.delete(`${path}/${owner.id}`),
    ]) {
      const answer = await leave();
      expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
    }
    expect((await owner.api.patch(`${path}/${owner.id}`, { role: 'owner' })).status).toBe(200);
    const second = await system.make.user();
    expectStatus(await owner.api.post(path, { userId: second.id, role: 'owner' }), 201);
    const answers = await Promise.all(
      [owner, second].map((user) => system.admin.api.patch(`${path}/${user.id}`, { role: 'viewer' })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const { rows } = await system.database.query(
      `SELECT 1 FROM members WHERE customer_id = $1 AND role = 'owner'`,
      [customerId],
    );
    expect(rows).toHaveLength(1);
  });
});

describe('API keys', () => {
  it('act with their role in their customer, are shown once and end at once', async () => {
    const other = await system.make.tenant();
    const made = await tenant.owner.api.post('/api-keys', {
      customerId: tenant.customerId,
      role: 'viewer',
      name: 'Till',
    });
    const { key, ...shown } = expectStatus(made, 201);
    expect(key).toMatch(/^dc_[\w-]{43}$/);
    const list = await tenant.owner.api.get(`/api-keys?customerId=${tenant.customerId}&search=till`);
    expect(list.body.results).toEqual([shown]);
    expect(list.text).not.toContain(key);
    const { rows } = await system.database.query('SELECT * FROM api_keys');
    expect(JSON.stringify(rows)).not.toContain(key);

    const till = system.api.as(key);
    expect((await till.get('/customers')).body).toMatchObject({
      count: 1,
      results: [{ id: tenant.customerId }],
    });
    expect((await till.get(`/customers/${tenant.customerId}/stores`)).status).toBe(200);
    expect((await till.post(`/customers/${tenant.customerId}/stores`, { name: 'New' })).status).toBe(403);
    expect((await till.get(`/customers/${other.customerId}`)).status).toBe(404);
    for (const path of ['/users', '/users/me', '/api-keys']) {
      expect([path, (await till.get(path)).status]).toEqual([path, 403]);
    }
    expect((await till.post('/customers', { name: 'Mine' })).status).toBe(403);

    expectStatus(await tenant.owner.api.delete(`/api-keys/${shown.id}`), 204);
    expect((await till.get('/customers')).status).toBe(401);
    expect((await tenant.owner.api.delete(`/api-keys/${shown.id}`)).status).toBe(404);
  });

  it('of an administrator are no administrators', async () => {
    const body = { customerId: tenant.customerId, role: 'owner' };
    const { key } = expectStatus(await system.admin.api.post('/api-keys', body), 201);
    const api = system.api.as(key);
    expect((await api.get('/users')).status).toBe(403);
    expect((await api.get('/customers')).body.count).toBe(1);
    expect((await api.post('/api-keys', body)).status).toBe(403);
  });

  it('end with the membership, the role or the account of whoever made them', async () => {
    const maker = await system.make.user();
    const members = `/customers/${tenant.customerId}/members`;
    expectStatus(await tenant.owner.api.post(members, { userId: maker.id, role: 'owner' }), 201);
    const keyOf = async (role: string): Promise<string> =>
      expectStatus(await maker.api.post('/api-keys', { customerId: tenant.customerId, role }), 201).key;
    const works = async (key: string) => (await system.api.as(key).get('/customers')).status;
    const [owns, views] = [await keyOf('owner'), await keyOf('viewer')];
    expectStatus(await tenant.owner.api.patch(`${members}/${maker.id}`, { role: 'analyst' }), 200);
    expect([await works(owns), await works(views)]).toEqual([401, 200]);
    expectStatus(await system.admin.api.delete(`/users/${maker.id}`), 204);
    expect(await works(views)).toBe(401);
    expectStatus(await system.admin.api.patch(`/users/${maker.id}`, { isActive: true }), 200);
    expect(await works(views)).toBe(200);
    expectStatus(await tenant.owner.api.delete(`${members}/${maker.id}`), 204);
    expect(await works(views)).toBe(401);
  });

  it.each([
    ['no customer', { role: 'viewer' }, 400],
    ['a customer that is no id', { customerId: 'x', role: 'viewer' }, 400],
    ['no such customer', { customerId: NOBODY, role: 'viewer' }, 404],
  ])('are not made for %s', async (_what, body, status) => {
    expect((await tenant.owner.api.post('/api-keys', body)).status).toBe(status);
  });
});
