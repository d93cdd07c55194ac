import { money } from '@app/shopping';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** A number as people read it: no more digits than it needs. */
export const number = (value: number): string =>
  Math.abs(value) >= 100 || Number.isInteger(value) ? whole.format(value) : fine.format(value);

export const percent = (share: number): string =>
  share > 0 && share < 0.01 ? '< 1 %' : `${whole.format(share * 100)} %`;

export const day = (moment: string): string => days.format(new Date(moment));

/** Coordinates need no more. */
export const at = (value: number): string => String(Math.round(value * 10) / 10);

/** Cut to what fits into a chart's label. */
export const short = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text;

/** A unit as people say it; that money is money goes without saying. */
export const unitOf = (unit: string): string => unit.replace(/^currency ?/, '');

/** A value with its unit: `£8,083`, `12.1 days`. */
export function measured(value: number, unit: string, currency: string | null): string {
  const [first, ...rest] = unit.split(' ');
  if (first === 'currency' || (currency !== null && first === currency)) {
    return [money(value, currency), ...rest].join(' ');
  }
  return `${number(value)} ${unit}`.trim();
}

/** Words in lines of at most so many letters; what is left over is cut. */
export function wrapped(text: string, letters: number, lines: number): string[] {
  const rows: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + word.length < letters) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(short(word, letters));
  }
  return rows.slice(0, lines);
}
