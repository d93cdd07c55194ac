import type { LookupAddress } from 'node:dns';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ForbiddenAddress, guardedLookup } from './guarded-lookup.js';
import { isPublicAddress } from './public-address.js';
import { retryAfterOf } from './sender.js';
import { faultOf } from './target-rules.js';

const FORMS = JSON.parse(
  readFileSync(new URL('../../../../test/fixtures/forbidden-addresses/forms.json', import.meta.url), 'utf8'),
) as string[];

const resolvedTo = (...addresses: string[]) =>
  guardedLookup((_name, _options, callback) =>
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    ),
  );
const ask = (lookup: ReturnType<typeof guardedLookup>, all: boolean) =>
  new Promise((resolve, reject) => {
    lookup('name.example', { all }, (error, address) => {
      if (error === null) resolve(address);
      else reject(error);
    });
  });

describe('S13: addresses that nothing is sent to', () => {
  it.each(FORMS)('%s', (form) => {
    expect(faultOf(new URL(form), false)).not.toBeNull();
  });

  it('are no others', () => {
    for (const form of [
      'https://example.com/hook',
      'https://example.com:8443/',
      'https://8.8.8.8/',
      'https://[2606:4700::1111]/',
    ]) {
      expect(faultOf(new URL(form), false)).toBeNull();
    }
  });

  it('may be anything while developing, but for other schemes and for passwords', () => {
    expect(faultOf(new URL('http://127.0.0.1:3000/'), true)).toBeNull();
    expect(faultOf(new URL('ftp://127.0.0.1/'), true)).not.toBeNull();
    expect(faultOf(new URL('http://a:b@127.0.0.1/'), true)).not.toBeNull();
  });
});

describe('public addresses', () => {
  it.each([
    ['223.255.255.255', true],
    ['224.0.0.0', false],
    ['172.15.255.255', true],
    ['172.32.0.0', true],
    ['100.63.255.255', true],
    ['100.128.0.0', true],
    ['198.17.255.255', true],
    ['198.20.0.0', true],
    ['2000::1', true],
    ['1fff::1', false],
    ['2001:200::1', true],
    ['2001:1ff::1', false],
    ['4000::1', false],
    ['fe80::1%eth0', false],
    ['no address', false],
  ])('%s: %s', (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected);
  });
});

describe('names', () => {
  it('lead to the very addresses that were looked at', async () => {
    const addresses = [{ address: '8.8.8.8', family: 4 }];
    expect(await ask(resolvedTo('8.8.8.8'), true)).toEqual(addresses);
    expect(await ask(resolvedTo('8.8.8.8'), false)).toBe('8.8.8.8');
  });

  it.each([['127.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['::ffff:127.0.0.1'], []])(
    'that lead to %s and %s are refused',
    async (...addresses) => {
      const lookup = resolvedTo(...addresses.filter((address) => address !== undefined));
      await expect(ask(lookup, true)).rejects.toThrow(ForbiddenAddress);
      await expect(ask(lookup, false)).rejects.toThrow(ForbiddenAddress);
    },
  );
});

describe('Retry-After', () => {
  it.each([
    [undefined, 0],
    ['120', 120_000],
    ['soon', 0],
    ['-5', 0],
    [new Date(60_000).toUTCString(), 60_000],
    [new Date(-60_000).toUTCString(), 0],
  ])('%s is %s ms', (header, expected) => {
    expect(retryAfterOf(header, 0)).toBe(expected);
  });
});
