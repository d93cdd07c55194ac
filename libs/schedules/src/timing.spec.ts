import { describe, expect, it } from 'vitest';
import { nextTime, parseTiming } from './timing.js';

const START = new Date('2026-01-01T00:00:00Z');

/** All times of a timing between two instants, each counted from the one before. */
function times(text: string, timezone: string, from: string, to: string): string[] {
  const timing = parseTiming(text);
  const found: string[] = [];
  let at = new Date(from);
  for (;;) {
    const next = nextTime(timing, timezone, at, at);
    if (next === null || next >= new Date(to)) return found;
    found.push(next.toISOString());
    at = next;
  }
}

describe('a timing', () => {
  it.each([
    'every 55m',
    'every 10s',
    'every 2 h',
    'EVERY 366d',
    '*/5 * * * *',
    '30 2 1-7 * MON',
    '0 0 L * *',
  ])('may be %s', (text) => expect(() => parseTiming(text)).not.toThrow());

  it.each([
    '',
    'every 9s',
    'every 367d',
    'every 0m',
    'every 5 weeks',
    'hourly',
    '@daily',
    '* * * *',
    '* * * * * *',
    '61 * * * *',
    '0 0 30 2 *',
    `* * * * ${'1,'.repeat(60)}1`,
  ])('may not be %j', (text) => {
    expect(() => parseTiming(text)).toThrowError(
      expect.objectContaining({ code: 'invalid_parameter', fields: { schedule: [expect.any(String)] } }),
    );
  });
});

describe('the next time', () => {
  it('of an interval is counted from the last start, also where that is not now', () => {
    const timing = parseTiming('every 55m');
    const now = new Date('2026-01-01T00:10:00Z');
    expect(nextTime(timing, 'UTC', now, START)).toEqual(new Date('2026-01-01T00:55:00Z'));
  });

  it('of an interval that was missed is now', () => {
    const now = new Date('2026-01-03T00:00:00Z');
    expect(nextTime(parseTiming('every 55m'), 'UTC', now, START)).toEqual(now);
  });

  it('of cron fields stands in their time zone', () => {
    expect(times('30 2 * * *', 'America/New_York', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z')).toEqual([
      '2026-01-01T07:30:00.000Z',
    ]);
  });

  it('is once on the day on which clocks skip it, and once where they show it twice', () => {
    const spring = times('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-31T00:00:00Z');
    expect(spring).toEqual(['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']);
    const autumn = times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-27T00:00:00Z');
    expect(autumn).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
  });

  it('of a step goes on through both hours that have one name', () => {
    const hours = times('0 * * * *', 'Europe/Berlin', '2026-10-24T23:30:00Z', '2026-10-25T03:30:00Z');
    expect(hours.map((time) => time.slice(11, 16))).toEqual(['00:00', '01:00', '02:00', '03:00']);
  });
});
