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
