import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System } from './harness/index.js';

let system: System;

beforeAll(async () => {
  system = await startSystem({ env: { LOGIN_ATTEMPTS_PER_ADDRESS: '100000' } });
});
afterAll(() => system.stop());

const cookieOf = (setCookie: string | null): string => setCookie?.split(';')[0] ?? '';

describe('S8: refresh tokens', () => {
  it('are good for one use; the second ends the whole family', async () => {
    const user = await system.make.user();
    const first = user.refreshToken;
    const second = expectStatus(await system.api.post('/auth/refresh', { refreshToken: first }), 200);
    expect(second.refreshToken).not.toBe(first);
    expect(second.accessToken).not.toBe(user.accessToken);
    expect((await system.api.as(second.accessToken).get('/users/me')).status).toBe(200);

    const reuse = await system.api.post('/auth/refresh', { refreshToken: first });
    expect([reuse.status, reuse.body.code]).toEqual([401, 'invalid_token']);
    expect((await system.api.post('/auth/refresh', { refreshToken: second.refreshToken })).status).toBe(401);
    expect((await system.api.as(second.accessToken).get('/users/me')).status).toBe(401);
    expect((await user.api.get('/users/me')).status).toBe(401);
    const { rows } = await system.database.query(
      `SELECT 1 FROM audit_entries WHERE action = 'session.reuse' AND actor_id = $1`,
      [user.id],
    );
    expect(rows).toHaveLength(1);
  });

  it('of other sessions of the same user go on', async () => {
    const user = await system.make.user();
    const other = await system.make.signIn(user.email, user.password);
    expectStatus(await system.api.post('/auth/refresh', { refreshToken: user.refreshToken }), 200);
    expectStatus(await system.api.post('/auth/refresh', { refreshToken: user.refreshToken }), 401);
    expect((await other.api.get('/users/me')).status).toBe(200);
  });

  it('used twice at once: one call wins, and that is no alarm', async () => {
    let alive = 0;
    for (let round = 0; round < 10; round += 1) {
      const { refreshToken } = await system.make.signIn(system.admin.email, system.admin.password);
      const answers = await Promise.all([
        system.api.post('/auth/refresh', { refreshToken }),
        system.api.post('/auth/refresh', { refreshToken }),
      ]);
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
      const winner = answers.find(({ status }) => status === 200);
      const me = await system.api.as(winner?.body.accessToken).get('/users/me');
      if (me.status === 200) alive += 1;
    }
    // A call that is held up until the other is done is a second use like any other, hence not all ten.
    expect(alive).toBeGreaterThanOrEqual(5);
  });

  it('are no access tokens, and are stored as a hash only', async () => {
    const user = await system.make.user();
    expect((await system.api.as(user.refreshToken).get('/users/me')).status).toBe(401);
    const { rows } = await system.database.query('SELECT token_hash FROM refresh_tokens');
    expect(JSON.stringify(rows)).not.toContain(user.refreshToken);
  });

  it('unknown and missing ones are 401', async () => {
    const unknown = await system.api.post('/auth/refresh', { refreshToken: 'x'.repeat(43) });
    expect([unknown.status, unknown.body.code]).toEqual([401, 'invalid_token']);
    const missing = await system.api.post('/auth/refresh', {});
    expect([missing.status, missing.body.code]).toEqual([401, 'authentication_required']);
  });
});

describe('the refresh cookie', () => {
  it('is set by login, is out of reach of scripts and serves refresh and logout', async () => {
    const { email, password } = await system.make.user();
    const login = await system.api.post('/auth/login', { email, password });
    const set = login.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/^refresh=[\w-]{43};/);
    expect(set).toMatch(/; Path=\/api\/v1\/auth;/);
    expect(set).toMatch(/; HttpOnly/);
    expect(set).toMatch(/; SameSite=Strict/);
    const refreshed = await system.api.post('/auth/refresh', undefined, {
      headers: { cookie: cookieOf(set), origin: system.baseUrl, 'sec-fetch-site': 'same-origin' },
    });
    expect(refreshed.status).toBe(200);
    const cookie = cookieOf(refreshed.headers.get('set-cookie'));
    expect(cookie).toBe(`refresh=${refreshed.body.refreshToken}`);
    const logout = await system.api.post('/auth/logout', undefined, { headers: { cookie } });
    expect(logout.status).toBe(204);
    expect(logout.headers.get('set-cookie')).toMatch(/^refresh=;.*Expires=Thu, 01 Jan 1970/);
    expect((await system.api.as(refreshed.body.accessToken).get('/users/me')).status).toBe(401);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['a sister host', { 'sec-fetch-site': 'same-site' }],
    ['a hidden origin', { origin: 'null' }],
  ])('S16: is not taken from a page of %s', async (_who, headers) => {
    const { email, password } = await system.make.user();
    const login = await system.api.post('/auth/login', { email, password });
    const cookie = cookieOf(login.headers.get('set-cookie'));
    const answer = await system.api.post('/auth/refresh', undefined, { headers: { ...headers, cookie } });
    expect([answer.status, answer.body.code]).toEqual([403, 'permission_denied']);
    expect((await system.api.as(login.body.accessToken).get('/users/me')).status).toBe(200);
  });
});

describe('S7: a token stops working', () => {
  it('after logout, with the access token of the session', async () => {
    const user = await system.make.user();
    expectStatus(await system.api.post('/auth/logout', { refreshToken: user.refreshToken }), 204);
    expect((await user.api.get('/users/me')).status).toBe(401);
    expectStatus(await system.api.post('/auth/refresh', { refreshToken: user.refreshToken }), 401);
    expectStatus(await system.api.post('/auth/logout', { refreshToken: user.refreshToken }), 204);
  });

  it('everywhere at once where its user asks for it, and for nobody else', async () => {
    const user = await system.make.user();
    const other = await system.make.user();
    const elsewhere = await system.make.signIn(user.email, user.password);
    const answer = await elsewhere.api.delete('/users/me/sessions');
    expectStatus(answer, 204);
    expect(answer.headers.get('set-cookie')).toMatch(/^refresh=;.*Expires=Thu, 01 Jan 1970/);
    for (const { api, refreshToken } of [user, elsewhere]) {
      expect((await api.get('/users/me')).status).toBe(401);
      expectStatus(await system.api.post('/auth/refresh', { refreshToken }), 401);
    }
    expect((await other.api.get('/users/me')).status).toBe(200);
    const again = await system.make.signIn(user.email, user.password);
    expect((await again.api.get('/users/me')).status).toBe(200);
  });

  it('after the user was deactivated, and does not come back with reactivation', async () => {
    const user = await system.make.user();
    expectStatus(await system.admin.api.delete(`/users/${user.id}`), 204);
    expect((await user.api.get('/users/me')).status).toBe(401);
    expectStatus(await system.api.post('/auth/refresh', { refreshToken: user.refreshToken }), 401);
    expectStatus(await system.admin.api.patch(`/users/${user.id}`, { isActive: true }), 200);
    expect((await user.api.get('/users/me')).status).toBe(401);
    expect((await (await system.make.signIn(user.email, user.password)).api.get('/users/me')).status).toBe(
      200,
    );
  });

  it('for administration as soon as the right is taken', async () => {
    const user = await system.make.user();
    expect((await user.api.get('/users')).status).toBe(403);
    expectStatus(await system.admin.api.patch(`/users/${user.id}`, { isAdmin: true }), 200);
    expect((await user.api.get('/users')).status).toBe(200);
    expectStatus(await system.admin.api.patch(`/users/${user.id}`, { isAdmin: false }), 200);
    expect((await user.api.get('/users')).status).toBe(403);
  });
});
