import { thousands } from './plain-number.js';

/** Signs that people read faster than the code. */
const SIGNS: Record<string, string> = { EUR: '€', GBP: '£', JPY: '¥', USD: '$' };

/** An amount in as many digits as it needs, with its currency (ISO 4217) where one is known: `£7,934`, `CHF 12.50`. */
export function money(amount: number, currency: string | null): string {
  const digits = Math.abs(amount) < 100 && !Number.isInteger(amount) ? amount.toFixed(2) : undefined;
  const shown = digits ?? thousands(Math.round(amount));
  if (currency === null) return shown;
  return `${SIGNS[currency] ?? `${currency} `}${shown}`;
}
