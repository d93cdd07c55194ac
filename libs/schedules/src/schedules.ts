import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { CLOCK, type Clock } from './clock.js';
import { ScheduleEntity } from './schedule.entity.js';
import { nextTime, parseTiming } from './timing.js';

/** What a schedule belongs to: a subject has at most one of each kind. */
export interface ScheduleSubject {
  kind: string;
  subjectId: string;
}

export interface ScheduleOrder extends ScheduleSubject {
  /** As {@link parseTiming} reads it. */
  timing: string;
  timezone: string;
}

/** Planning what begins again by itself. Everything is part of the caller's transaction. */
@Injectable()
export class Schedules {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * Plans a subject, anew where it was planned or paused before. Nothing begins at once: the first time of an interval is
   * one interval after the last start, or after now.
   * @throws Problem invalid_parameter for a timing that makes no sense
   */
  async register(
    manager: EntityManager,
    { kind, subjectId, timing, timezone }: ScheduleOrder,
  ): Promise<void> {
    const now = this.clock();
    const before = await locked(manager, { kind, subjectId });
    const startedAt = before?.startedAt ?? now;
    const nextAt = nextTime(parseTiming(timing), timezone, now, startedAt);
    await manager.upsert(ScheduleEntity, { kind, subjectId, timing, timezone, nextAt, startedAt }, [
      'kind',
      'subjectId',
    ]);
  }

  /** It no longer begins by itself until it is registered again. */
  async pause(manager: EntityManager, { kind, subjectId }: ScheduleSubject): Promise<void> {
    await manager.update(ScheduleEntity, { kind, subjectId }, { nextAt: null });
  }

  async remove(manager: EntityManager, { kind, subjectId }: ScheduleSubject): Promise<void> {
    await manager.delete(ScheduleEntity, { kind, subjectId });
  }

  /**
   * For a transaction that also locks the subject: schedules come first, as where they are claimed, or the two could wait for
   * each other.
   */
  async lock(manager: EntityManager, subject: ScheduleSubject): Promise<void> {
    await locked(manager, subject);
  }

  /** To be told when somebody began the work out of turn: intervals count from the last start. */
  async started(manager: EntityManager, subject: ScheduleSubject): Promise<void> {
    const schedule = await locked(manager, subject);
    if (schedule === null) return;
    await restart(manager, schedule, this.clock(), schedule.nextAt !== null);
  }

  /** The schedules of some subjects, by their id. */
  async of(
    manager: EntityManager,
    kind: string,
    subjectIds: readonly string[],
  ): Promise<ReadonlyMap<string, ScheduleEntity>> {
    const found = await manager.findBy(ScheduleEntity, { kind, subjectId: In(subjectIds) });
    return new Map(found.map((schedule) => [schedule.subjectId, schedule]));
  }
}

/** Notes a start and plans the next one. The caller has locked the schedule. */
export async function restart(
  manager: EntityManager,
  { kind, subjectId, timing, timezone }: ScheduleEntity,
  startedAt: Date,
  goesOn = true,
): Promise<void> {
  const nextAt = goesOn ? nextTime(parseTiming(timing), timezone, startedAt, startedAt) : null;
  await manager.update(ScheduleEntity, { kind, subjectId }, { nextAt, startedAt });
}

function locked(
  manager: EntityManager,
  { kind, subjectId }: ScheduleSubject,
): Promise<ScheduleEntity | null> {
  return manager.findOne(ScheduleEntity, {
    where: { kind, subjectId },
    lock: { mode: 'pessimistic_write' },
  });
}
