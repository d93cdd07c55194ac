import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSystem, type System } from './harness/index.js';

let system: System;

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const get = (path: string, accept = 'text/html') =>
  fetch(`${system.baseUrl}${path}`, { headers: { accept } });

const policyOf = async () => (await get('/')).headers.get('content-security-policy') ?? '';

it('S16: the page has a strict policy, with a value for its styles that is new each time', async () => {
  const [one, other] = [await policyOf(), await policyOf()];
  expect(one.replace(/'nonce-[^']+'/, 'NONCE')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self' NONCE; img-src 'self' data: blob:; connect-src 'self'; " +
      "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  expect(one).not.toBe(other);
});

it('stands at every address it may have put into the bar of a browser, and at none of the api', async () => {
  for (const path of ['/', '/customers', '/customers/x/reports/y']) {
    const page = await get(path);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  }
  for (const path of ['/api/v1/nothing', '/api/nothing', '/health/nothing', '/assets/nothing.js']) {
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  }
  expect((await get('/nothing', 'application/json')).status).toBe(404);
});

it('lets browsers keep what is named by its content, and nothing else', async () => {
  const html = await (await get('/')).text();
  const [script] = /\/assets\/[^"]+\.js/.exec(html) ?? [];
  expect((await get(script ?? '')).headers.get('cache-control')).toContain('immutable');
  expect((await get('/')).headers.get('cache-control')).toBe('no-store');
});
