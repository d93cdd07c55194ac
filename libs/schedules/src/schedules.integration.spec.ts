import { randomUUID } from 'node:crypto';
import { dataSourceOptions, migrate } from '@app/database';
import { createLogger } from '@app/logging';
import { type Clock, ScheduleEntity, ScheduleHandlers, ScheduleRounds, Schedules } from '@app/schedules';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

const url = process.env['DATABASE_URL'] ?? '';
const MINUTE_MS = 60_000;
const BEFORE_SPRING = '2026-03-28T23:00:00Z';

let dataSource: DataSource;
let now: Date;
const clock: Clock = () => now;
const schedules = new Schedules(clock);
const logger = createLogger('test', 'silent');

/** Times by which work began, by kind and subject; only what was committed counts. */
let begun: { subjectId: string; at: string }[];

interface Process {
  rounds: ScheduleRounds;
  /** Makes the next start fail after its work. */
  failures: number;
}

function startProcess(kind: string): Process {
  const handlers = new ScheduleHandlers();
  const process: Process = { rounds: new ScheduleRounds(dataSource, handlers, clock, logger), failures: 0 };
  let pending: { subjectId: string; at: string } | undefined;
  handlers.register({
    kind,
    async due(manager, subjectId, dueAt) {
      await manager.query('SELECT 1');
      if (process.failures > 0) {
        process.failures -= 1;
        throw new Error('the work cannot begin');
      }
      pending = { subjectId, at: dueAt.toISOString() };
    },
    committed() {
      if (pending !== undefined) begun.push(pending);
    },
  });
  return process;
}

const register = (
  kind: string,
  timing: string,
  timezone = 'UTC',
  subjectId: string = randomUUID(),
): Promise<string> =>
  dataSource.transaction(async (manager) => {
    await schedules.register(manager, { kind, subjectId, timing, timezone });
    return subjectId;
  });

/** Lets a day go by, minute by minute, in which all processes look at the same time. */
async function pass(processes: () => readonly Process[], minutes: number, stepMinutes = 1): Promise<void> {
  for (let passed = 0; passed < minutes; passed += stepMinutes) {
    now = new Date(now.getTime() + stepMinutes * MINUTE_MS);
    await Promise.all(processes().map(({ rounds }) => rounds.beginDue()));
  }
}

const timesOf = (subjectId: string): string[] =>
  begun.filter((each) => each.subjectId === subjectId).map(({ at }) => at);

beforeAll(async () => {
  await migrate(url);
  dataSource = await new DataSource({ ...dataSourceOptions(url), entities: [ScheduleEntity] }).initialize();
});
afterAll(() => dataSource.destroy());
beforeEach(() => {
  now = new Date(BEFORE_SPRING);
  begun = [];
});

it('a day in fast time, three processes: each time begins once, over a daylight-saving change and restarts', async () => {
  const kind = `test-${randomUUID()}`;
  const hourly = await register(kind, '0 * * * *', 'Europe/Berlin');
  const skipped = await register(kind, '30 2 * * *', 'Europe/Berlin');
  const interval = await register(kind, 'every 55m');
  let processes = [startProcess(kind), startProcess(kind), startProcess(kind)];
  await pass(() => processes, 12 * 60);
  processes = [startProcess(kind), startProcess(kind)];
  await pass(() => processes, 12 * 60);
  const hours = timesOf(hourly);
  expect(hours).toHaveLength(24);
  expect(new Set(hours).size).toBe(24);
  expect(timesOf(skipped)).toEqual(['2026-03-29T01:00:00.000Z']);
  expect(timesOf(interval)).toHaveLength(Math.floor((24 * 60) / 55));
});

it('what was missed while nothing ran begins once', async () => {
  const kind = `test-${randomUUID()}`;
  const hourly = await register(kind, '0 * * * *');
  now = new Date(now.getTime() + 10.5 * 60 * MINUTE_MS);
  const processes = [startProcess(kind), startProcess(kind)];
  await pass(() => processes, 1);
  expect(timesOf(hourly)).toHaveLength(1);
  await pass(() => processes, 60);
  expect(timesOf(hourly)).toHaveLength(2);
});

it('a start that fails is tried again, and holds up no other', async () => {
  const kind = `test-${randomUUID()}`;
  await register(kind, 'every 1m');
  await register(kind, 'every 1m');
  const process = startProcess(kind);
  process.failures = 1;
  await pass(() => [process], 1);
  expect(begun).toHaveLength(1);
  await process.rounds.beginDue();
  expect(begun).toHaveLength(2);
  expect(new Set(begun.map(({ subjectId }) => subjectId)).size).toBe(2);
});

it('an interval counts from a start out of turn; a pause holds until it is registered again', async () => {
  const kind = `test-${randomUUID()}`;
  const subjectId = await register(kind, 'every 10m');
  const process = startProcess(kind);
  await pass(() => [process], 5);
  await dataSource.transaction((manager) => schedules.started(manager, { kind, subjectId }));
  await pass(() => [process], 9);
  expect(begun).toEqual([]);
  await pass(() => [process], 1);
  expect(begun).toHaveLength(1);
  await dataSource.transaction((manager) => schedules.pause(manager, { kind, subjectId }));
  await pass(() => [process], 60, 10);
  expect(begun).toHaveLength(1);
  await register(kind, 'every 10m', 'UTC', subjectId);
  await process.rounds.beginDue();
  expect(begun).toHaveLength(2);
  await dataSource.transaction((manager) => schedules.remove(manager, { kind, subjectId }));
  await pass(() => [process], 60, 10);
  expect(begun).toHaveLength(2);
});
