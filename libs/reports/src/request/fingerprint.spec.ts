import { describe, expect, it } from 'vitest';
import { canonicalJson, fingerprintOf } from './fingerprint.js';

describe('fingerprint', () => {
  it('is the same whatever the order of members', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}');
    expect(fingerprintOf({ a: 1, b: 2 })).toBe(fingerprintOf({ b: 2, a: 1 }));
  });

  it('differs with any value and with the order of a list', () => {
    expect(fingerprintOf({ a: [1, 2] })).not.toBe(fingerprintOf({ a: [2, 1] }));
    expect(fingerprintOf({ a: null })).not.toBe(fingerprintOf({ a: 0 }));
    expect(fingerprintOf({ a: '1' })).not.toBe(fingerprintOf({ a: 1 }));
  });
});
