import { hash } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { PasswordHasher } from './password-hasher.js';

const hasher = new PasswordHasher();

describe('PasswordHasher', () => {
  it('makes argon2id hashes with the recommended cost and verifies them', async () => {
    const made = await hasher.hash('correct horse');
    expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.verify(made, 'correct horse')).toBe(true);
    expect(await hasher.verify(made, 'correct horsf')).toBe(false);
    expect(hasher.isOutdated(made)).toBe(false);
  });

  it('takes composed and decomposed letters for the same', async () => {
    const made = await hasher.hash('\u00e9t\u00e9 1234');
    expect(await hasher.verify(made, 'e\u0301te\u0301 1234')).toBe(true);
  });

  it('S11: refuses any password of an unknown user', async () => {
    expect(await hasher.verify(undefined, 'correct horse')).toBe(false);
  });

  it('notices hashes made with another cost', async () => {
    const weak = await hash('correct horse', { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    expect(await hasher.verify(weak, 'correct horse')).toBe(true);
    expect(hasher.isOutdated(weak)).toBe(true);
  });
});
