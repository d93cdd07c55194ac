import { describe, expect, it } from 'vitest';
import { isCurrency, isTimezone } from './locale.js';

describe('isTimezone', () => {
  it.each(['UTC', 'Europe/London', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata'])('takes %s', (name) =>
    expect(isTimezone(name)).toBe(true),
  );
  it.each(['', 'Mars/Olympus', '+01:00', 'Europe/London ', '../etc'])('refuses %j', (name) =>
    expect(isTimezone(name)).toBe(false),
  );
});

describe('isCurrency', () => {
  it.each(['GBP', 'EUR', 'JPY'])('takes %s', (code) => expect(isCurrency(code)).toBe(true));
  it.each(['gbp', 'EURO', 'ZZZ', ''])('refuses %j', (code) => expect(isCurrency(code)).toBe(false));
});
