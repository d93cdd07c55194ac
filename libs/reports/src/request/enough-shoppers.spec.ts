import { describe, expect, it } from 'vitest';
import { requireEnoughShoppers } from './enough-shoppers.js';

describe('requireEnoughShoppers', () => {
  it('takes k up to the number of shoppers', () => {
    expect(() => requireEnoughShoppers(12, 12, 10)).not.toThrow();
    expect(() => requireEnoughShoppers(10, 'auto', 10)).not.toThrow();
  });

  it('refuses a k above it, and thin data', () => {
    expect(() => requireEnoughShoppers(12, 13, 10)).toThrow('13 segments cannot be made of 12 shoppers');
    expect(() => requireEnoughShoppers(9, 'auto', 10)).toThrow('only 9 shoppers');
  });
});
