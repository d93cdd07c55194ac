import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';

let system: System;
let tenant: Tenant;
let path: string;

beforeAll(async () => {
  system = await startSystem();
  tenant = await system.make.tenant();
  path = `/customers/${tenant.customerId}/stores`;
});
afterAll(() => system.stop());

const STORE = {
  name: 'Covent Garden',
  code: 'LDN-1',
  city: 'London',
  country: 'United Kingdom',
  timezone: 'Europe/London',
  currency: 'GBP',
  location: { latitude: 51.5117, longitude: -0.124 },
};

describe('stores', () => {
  it('are made, read, replaced, changed and deleted', async () => {
    const made = await tenant.analyst.api.post(path, STORE);
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.any(String),
      customerId: tenant.customerId,
      ...STORE,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const own = `${path}/${made.body.id}`;
    expect(made.headers.get('location')).toBe(`/api/v1${own}`);
    expect((await tenant.viewer.api.get(own)).body).toEqual(made.body);
    const changed = await tenant.analyst.api.patch(own, { city: null, currency: 'eur' });
    expect(changed.body).toMatchObject({ ...STORE, city: null, currency: 'EUR' });
    const replaced = await tenant.analyst.api.put(own, { name: 'Soho' });
    expect(replaced.body).toMatchObject({
      id: made.body.id,
      name: 'Soho',
      code: null,
      city: null,
      country: null,
      timezone: 'UTC',
      currency: null,
      location: null,
    });
    expectStatus(await tenant.analyst.api.delete(own), 204);
    expect((await tenant.owner.api.get(own)).status).toBe(404);
    expect((await tenant.analyst.api.patch(own, { name: 'Back' })).status).toBe(404);
  });

  it('have a code of their own, which a deleted one gives back', async () => {
    const code = 'ONE';
    const { id } = expectStatus(await tenant.owner.api.post(path, { name: 'First', code }), 201);
    const second = expectStatus(await tenant.owner.api.post(path, { name: 'Second' }), 201);
    const taken = await tenant.owner.api.post(path, { name: 'Third', code });
    expect([taken.status, taken.body.code, Object.keys(taken.body.fields)]).toEqual([
      409,
      'duplicate',
      ['code'],
    ]);
    expect((await tenant.owner.api.patch(`${path}/${second.id}`, { code })).status).toBe(409);
    const other = await system.make.tenant();
    expectStatus(
      await other.owner.api.post(`/customers/${other.customerId}/stores`, { name: 'A', code }),
      201,
    );
    expectStatus(await tenant.owner.api.delete(`${path}/${id}`), 204);
    expect((await tenant.owner.api.patch(`${path}/${second.id}`, { code })).status).toBe(200);
  });

  it('are found only under their own customer', async () => {
    const other = await system.make.tenant();
    const elsewhere = `/customers/${other.customerId}/stores/${tenant.storeId}`;
    for (const api of [other.owner.api, system.admin.api]) {
      expect((await api.get(elsewhere)).status).toBe(404);
      expect((await api.patch(elsewhere, { name: 'Mine' })).status).toBe(404);
      expect((await api.delete(elsewhere)).status).toBe(404);
    }
    expect((await tenant.owner.api.get(`${path}/nonsense`)).status).toBe(404);
    expect((await tenant.owner.api.get(`${path}/${tenant.storeId}`)).status).toBe(200);
  });

  it.each([
    ['no name', { name: undefined }, 'name'],
    ['an unknown time zone', { timezone: 'Mars/Olympus' }, 'timezone'],
    ['an unknown currency', { currency: 'EURO' }, 'currency'],
    ['half a location', { location: { latitude: 1 } }, 'location.longitude'],
    ['a location off the earth', { location: { latitude: 91, longitude: 0 } }, 'location.latitude'],
    ['another owner', { customerId: '0190a000-0000-7000-8000-000000000000' }, 'customerId'],
  ])('S5: are not made with %s', async (_what, fields, name) => {
    const answer = await tenant.owner.api.post(path, { ...STORE, code: 'BAD', ...fields });
    expect([answer.status, Object.keys(answer.body.fields)]).toEqual([400, [name]]);
  });
});

describe('stores near a place', () => {
  const places = {
    Wellington: [-41.29, 174.78],
    Suva: [-18.14, 178.44],
    Apia: [-13.83, -171.77],
    Paris: [48.86, 2.35],
    Lille: [50.63, 3.06],
    Longyearbyen: [78.22, 15.65],
  } as const;
  let near: string;

  beforeAll(async () => {
    const { customerId, owner } = await system.make.tenant();
    near = `/customers/${customerId}/stores`;
    for (const [name, [latitude, longitude]] of Object.entries(places)) {
      expectStatus(await owner.api.post(near, { name, location: { latitude, longitude } }), 201);
    }
  });

  const names = async (query: string): Promise<string[]> =>
    expectStatus(await system.admin.api.get(`${near}?${query}`), 200).results.map(
      ({ name }: { name: string }) => name,
    );

  it.each([
    ['51.51,-0.12', '250', ['Lille']],
    ['51.51,-0.12', '350', ['Lille', 'Paris']],
    // Suva and Apia lie on the two sides of the 180th meridian, 1,140 km apart.
    ['-18.14,178.44', '1200', ['Suva', 'Apia']],
    ['-13.83,-171.77', '1100', ['Apia']],
    ['89,-170', '1450', ['Longyearbyen']],
    ['0,0', '10', []],
  ])('%s within %s km', async (place, radius, expected) => {
    expect(await names(`near=${place}&radiusKm=${radius}`)).toEqual(expected);
  });

  it('are sorted by distance and can be sorted otherwise, paged and searched', async () => {
    expect(await names('near=51.51,-0.12')).toEqual([
      'Lille',
      'Paris',
      'Longyearbyen',
      'Apia',
      'Suva',
      'Wellington',
    ]);
    expect(await names('near=51.51,-0.12&ordering=-name&pageSize=2&page=2')).toEqual([
      'Paris',
      'Longyearbyen',
    ]);
    expect(await names('search=LL')).toEqual(['Lille', 'Wellington']);
  });

  it.each(['near=here', 'near=91,0', 'near=1', 'radiusKm=5', 'near=1,1&radiusKm=0', 'near=1,1&radiusKm=-5'])(
    '%s is 400',
    async (query) => expect((await system.admin.api.get(`${near}?${query}`)).status).toBe(400),
  );
});
