import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { ready, startDataset } from './harness/uploads.js';

const CSV = 'InvoiceNo,CustomerID,Quantity\n1,a,2\n2,b,3\n';

let system: System;
let tenant: Tenant;
let path: string;

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
  const { upload } = await startDataset(tenant.analyst, tenant, CSV);
  await ready(tenant.viewer.api, upload.id);
  path = `/api/v1/uploads/${upload.id}/file`;
});
afterAll(() => system.stop());

const addressFor = async (asked: string): Promise<string> => {
  const { url } = expectStatus(await tenant.viewer.api.post('/downloads', { path: asked }), 200);
  return new URL(url as string, system.baseUrl).href;
};

describe('an address for a download', () => {
  it('needs no token and is good once', async () => {
    const address = await addressFor(path);
    const first = await fetch(address);
    expect([first.status, await first.text()]).toEqual([200, CSV]);
    expect(first.headers.get('cache-control')).toContain('no-store');
    expect((await fetch(address)).status).toBe(404);
  });

  it('is good for one of several that use it at once', async () => {
    const address = await addressFor(path);
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await fetch(address)).status));
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 404, 404, 404, 404, 404, 404, 404]);
  });

  it('ends after a minute', async () => {
    const address = await addressFor(path);
    await system.database.query(`UPDATE download_tickets SET expires_at = now() - interval '1 second'`);
    expect((await fetch(address)).status).toBe(404);
  });

  it('gives its maker nothing that the maker may not see', async () => {
    const other = await system.make.tenant();
    const { url } = expectStatus(await other.owner.api.post('/downloads', { path }), 200);
    expect((await fetch(new URL(url as string, system.baseUrl))).status).toBe(404);
  });

  it('ends with the session it was made in', async () => {
    const { accessToken, refreshToken } = await system.make.signIn(
      tenant.viewer.email,
      tenant.viewer.password,
    );
    const { url } = expectStatus(await system.api.as(accessToken).post('/downloads', { path }), 200);
    expectStatus(await system.api.post('/auth/logout', { refreshToken }), 204);
    expect((await fetch(new URL(url as string, system.baseUrl))).status).toBe(401);
  });

  it.each([
    'https://example.com/',
    '//example.com/api/v1/x',
    '/health/ready',
    '/api/v1/../../x',
    '/api/v1/downloads/x',
    '',
  ])('is refused for %j', async (asked) => {
    expect((await tenant.viewer.api.post('/downloads', { path: asked })).status).toBe(400);
  });
});
