import { invalidParameter } from '@app/problems';
import { Cron } from 'croner';

const EVERY = /^every +(?<count>[1-9]\d{0,5}) ?(?<unit>[smhd])$/i;
const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 };
/** Shorter intervals would be late by the pause between two looks at the schedules. */
export const MIN_INTERVAL_SECONDS = 10;
const MAX_INTERVAL_SECONDS = 366 * SECONDS.d;
const MAX_LENGTH = 100;

/** When something happens again: a five-field cron expression, or `every 55m` counted from the last start. */
export type Timing = { cron: string } | { everySeconds: number };

/**
 * Reads `every <n>s|m|h|d`, or five cron fields: minute, hour, day of month, month, day of week.
 * @throws Problem invalid_parameter naming `field`
 */
export function parseTiming(text: string, field = 'schedule'): Timing {
  const given = text.trim();
  const { count, unit } = EVERY.exec(given)?.groups ?? {};
  if (count !== undefined && unit !== undefined) {
    const everySeconds = Number(count) * SECONDS[unit.toLowerCase() as keyof typeof SECONDS];
    if (everySeconds >= MIN_INTERVAL_SECONDS && everySeconds <= MAX_INTERVAL_SECONDS) return { everySeconds };
    throw invalidParameter(field, `an interval lies between ${MIN_INTERVAL_SECONDS} seconds and 366 days`);
  }
  if (given.length <= MAX_LENGTH && given.split(/\s+/).length === 5 && isCron(given)) return { cron: given };
  throw invalidParameter(field, 'five cron fields such as "30 2 * * *", or an interval such as "every 55m"');
}

/**
 * The next time after `after`, null where there is none any more.
 * Daylight saving: a fixed time that occurs twice counts once, one that the clocks skip falls on the first time after
 * the gap; intervals and steps follow real time.
 * @param startedAt the last start, or where there was none the time from which an interval counts
 * @param timezone IANA name in which the cron fields stand
 */
export function nextTime(timing: Timing, timezone: string, after: Date, startedAt: Date): Date | null {
  if ('cron' in timing) return cronOf(timing.cron, timezone).nextRun(after);
  const next = startedAt.getTime() + timing.everySeconds * 1000;
  // What was missed while nothing ran happens once, now.
  return new Date(Math.max(next, after.getTime()));
}

const cronOf = (cron: string, timezone: string): Cron =>
  new Cron(cron, { mode: '5-part', timezone, fixedTimeRule: 'no-wildcard', paused: true });

function isCron(text: string): boolean {
  try {
    return cronOf(text, 'UTC').nextRun() !== null;
  } catch {
    return false;
  }
}
