import { describe, expect, it } from 'vitest';
import { requireEnoughShoppers, requireTellingShoppers } from './enough-shoppers.js';

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

describe('requireTellingShoppers', () => {
  const counts = { shoppers: 12, mostOrders: 2, differ: true };

  it('takes shoppers that somebody came back among, and rows that know no orders', () => {
    expect(() => requireTellingShoppers(counts, 'auto', 10)).not.toThrow();
    expect(() => requireTellingShoppers({ ...counts, mostOrders: null }, 'auto', 10)).not.toThrow();
  });

  it('refuses one order each, and shoppers that are all alike', () => {
    expect(() => requireTellingShoppers({ ...counts, mostOrders: 1 }, 'auto', 10)).toThrow('one order');
    expect(() => requireTellingShoppers({ ...counts, differ: false }, 'auto', 10)).toThrow('alike');
    expect(() => requireTellingShoppers({ ...counts, shoppers: 3 }, 'auto', 10)).toThrow('only 3');
  });
});
