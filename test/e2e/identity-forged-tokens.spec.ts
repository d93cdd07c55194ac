import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSystem, type System } from './harness/index.js';

let system: System;

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const forge = (header: object, claims: object, key: string, hash = 'sha256'): string => {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
};
const genuine = (): { claims: Record<string, unknown>; key: string } => ({
  claims: JSON.parse(
    Buffer.from(system.admin.accessToken.split('.')[1] ?? '', 'base64url').toString(),
  ) as Record<string, unknown>,
  key: system.environment['SECRET_KEY'] ?? '',
});

describe('S6: forged access tokens', () => {
  const header = { alg: 'HS256', typ: 'JWT' };

  it('the way they are forged here makes a good token, too', async () => {
    const { claims, key } = genuine();
    expect(claims).toMatchObject({
      iss: 'datacore',
      aud: 'datacore-api',
      typ: 'access',
      sub: system.admin.id,
    });
    expect((await system.api.as(forge(header, claims, key)).get('/users/me')).status).toBe(200);
  });

  const now = Math.floor(Date.now() / 1000);
  const other = '0190a000-0000-7000-8000-000000000000';
  it.each<[string, (claims: Record<string, unknown>, key: string) => string]>([
    ['alg none, unsigned', (claims) => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`],
    ['alg NoNe, unsigned', (claims) => `${encode({ alg: 'NoNe' })}.${encode(claims)}.`],
    ['alg none, signed', (claims, key) => forge({ alg: 'none' }, claims, key)],
    ['HS512 with our key', (claims, key) => forge({ alg: 'HS512' }, claims, key, 'sha512')],
    ['HS384 with our key', (claims, key) => forge({ alg: 'HS384' }, claims, key, 'sha384')],
    ['RS256 named, our key', (claims, key) => forge({ alg: 'RS256' }, claims, key)],
    ['a foreign key', (claims) => forge(header, claims, 'f'.repeat(64))],
    ['an empty key', (claims) => forge(header, claims, '')],
    ['a jwk in the header', (claims) => forge({ ...header, jwk: { kty: 'oct', k: 'AAAA' } }, claims, 'AAAA')],
    ['a jku in the header', (claims) => forge({ ...header, jku: 'https://evil.example' }, claims, 'AAAA')],
    ['a kid that is a path', (claims) => forge({ ...header, kid: '../../dev/null' }, claims, '')],
    [
      'a signature of other claims',
      (claims, key) => {
        const [head, , signature] = forge(header, claims, key).split('.');
        return `${head}.${encode({ ...claims, sub: other })}.${signature}`;
      },
    ],
    ['expired', (claims, key) => forge(header, { ...claims, exp: now - 1 }, key)],
    ['not yet valid', (claims, key) => forge(header, { ...claims, nbf: now + 60 }, key)],
    ['without an end', (claims, key) => forge(header, { ...claims, exp: undefined }, key)],
    ['another issuer', (claims, key) => forge(header, { ...claims, iss: 'other' }, key)],
    ['another audience', (claims, key) => forge(header, { ...claims, aud: 'other' }, key)],
    ['no audience', (claims, key) => forge(header, { ...claims, aud: undefined }, key)],
    ['another type', (claims, key) => forge(header, { ...claims, typ: 'refresh' }, key)],
    ['no type', (claims, key) => forge(header, { ...claims, typ: undefined }, key)],
    ['an unknown session', (claims, key) => forge(header, { ...claims, sid: other }, key)],
    ['a session of somebody else', (claims, key) => forge(header, { ...claims, sub: other }, key)],
    ['a session that is no id', (claims, key) => forge(header, { ...claims, sid: 'x' }, key)],
    ['a user that is an object', (claims, key) => forge(header, { ...claims, sub: { $ne: '' } }, key)],
    ['no claims', (_claims, key) => forge(header, {}, key)],
    ['no object', (_claims, key) => forge(header, [], key)],
    ['no JSON', (_claims, key) => `${encode(header)}.${Buffer.from('{').toString('base64url')}.${key}`],
    ['a token of nothing', () => '..'],
    ['words', () => 'let-me-in'],
    ['an API key of nobody', () => `dc_${'x'.repeat(43)}`],
  ])('%s', async (_name, make) => {
    const { claims, key } = genuine();
    const answer = await system.api.as(make(claims, key)).get('/users');
    expect({ ...answer.body, requestId: '' }).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'The access token or API key is not valid.',
      code: 'invalid_token',
      requestId: '',
      fields: {},
    });
  });
});
