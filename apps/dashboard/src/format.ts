const LANGUAGE = 'en';

const integers = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const decimals = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 2 });
const percents = new Intl.NumberFormat(LANGUAGE, { style: 'percent', maximumFractionDigits: 1 });
const times = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'short' });
const days = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium' });
const sizes = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

const orDash =
  <T>(format: (value: T) => string) =>
  (value: T | null | undefined): string =>
    value === null || value === undefined ? '–' : format(value);

export const formatInteger = orDash((value: number) => integers.format(value));
export const formatNumber = orDash((value: number) => decimals.format(value));
/** @param currency ISO 4217; null where the data names none */
export function formatMoney(value: number | null | undefined, currency: string | null | undefined): string {
  if (value === null || value === undefined || !currency) return formatInteger(value);
  const money = { style: 'currency', currency, maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(LANGUAGE, money).format(value);
}
/** A unit behind what it measures; that money is money goes without saying. */
export function inUnit(label: string, unit: string): string {
  const said = unit.replace(/^currency ?/, '');
  return said === '' ? label : `${label} (${said})`;
}
/** @param value share, 0 to 1 */
export const formatShare = orDash((value: number) => percents.format(value));
export const formatTime = orDash((value: string) => times.format(new Date(value)));
export const formatDay = orDash((value: string) => days.format(new Date(value)));

export const formatBytes = orDash((bytes: number) => {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), sizes.length - 1);
  return `${decimals.format(bytes / 1000 ** power)} ${sizes[power]}`;
});

export const formatSeconds = orDash((seconds: number) =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`,
);
