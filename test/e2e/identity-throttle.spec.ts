import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, unique, until } from './harness/index.js';

let system: System;

const wrong = (email: string) => system.api.post('/auth/login', { email, password: 'wrong password' });

describe('S10: guessing passwords', () => {
  beforeAll(async () => {
    system = await startSystem({ env: { LOGIN_ATTEMPTS_PER_ADDRESS: '100000' } });
  });
  afterAll(() => system.stop());

  it('locks the account for longer and longer, and leaves its open sessions alone', async () => {
    const victim = await system.make.user();
    const guess = () => system.api.post('/auth/login', { email: victim.email, password: 'wrong password' });
    for (let attempt = 1; attempt <= 5; attempt += 1) expectStatus(await guess(), 401);
    const refused = await guess();
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect(refused.headers.get('retry-after')).toBe('1');
    expectStatus(
      await system.api.post('/auth/login', { email: victim.email, password: victim.password }),
      429,
    );
    expect((await victim.api.get('/users/me')).status).toBe(200);
    expectStatus(await system.api.post('/auth/refresh', { refreshToken: victim.refreshToken }), 200);

    await until('the first lock to end', async () => (await guess()).status === 401);
    const longer = await guess();
    expect(longer.status).toBe(429);
    expect(Number(longer.headers.get('retry-after'))).toBe(2);
  });

  it('a good login forgets the failures before it', async () => {
    const user = await system.make.user();
    for (let round = 0; round < 3; round += 1) {
      for (let attempt = 1; attempt <= 4; attempt += 1) {
        const answer = await system.api.post('/auth/login', {
          email: user.email,
          password: 'wrong password',
        });
        expect(answer.status).toBe(401);
      }
      await system.make.signIn(user.email, user.password);
    }
  });

  it('at once gets no more guesses than one after the other', async () => {
    const { email } = await system.make.user();
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => system.api.post('/auth/login', { email, password: 'wrong password' })),
    );
    const tried = answers.filter(({ status }) => status === 401).length;
    expect(tried).toBeLessThanOrEqual(6);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30 - tried);
  });
});

describe('S10: guessing from one address', () => {
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());

  it('is refused after thirty failures a minute, however many accounts are tried', async () => {
    const user = await system.make.user();
    for (let attempt = 0; attempt < 30; attempt += 1) {
      const answer = await wrong(`${unique('spray')}@example.com`);
      expect(answer.status).toBe(401);
    }
    const refused = await wrong(`${unique('spray')}@example.com`);
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect((await user.api.get('/users/me')).status).toBe(200);
    expectStatus(await system.api.post('/auth/refresh', { refreshToken: user.refreshToken }), 200);
  });

  it('S12: a forged X-Forwarded-For is no other address', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    const body = { email: `${unique('spray')}@example.com`, password: 'wrong password' };
    expect((await system.api.post('/auth/login', body, { headers })).status).toBe(429);
  });
});

describe('S9: a flood of logins', () => {
  beforeAll(async () => {
    system = await startSystem({ env: { LOGIN_ATTEMPTS_PER_ADDRESS: '100000' } });
  });
  afterAll(() => system.stop());

  it('is refused beyond a short line, and other routes go on', async () => {
    const flood = Promise.all(Array.from({ length: 150 }, () => wrong(`${unique('flood')}@example.com`)));
    const times: number[] = [];
    for (let call = 0; call < 20; call += 1) {
      const start = performance.now();
      expect((await system.admin.api.get('/customers')).status).toBe(200);
      times.push(performance.now() - start);
    }
    const answers = await flood;
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 401).length + refused.length).toBe(150);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ headers }) => headers.get('retry-after') === '1')).toBe(true);
    expect(Math.max(...times)).toBeLessThan(2000);
  });
});
