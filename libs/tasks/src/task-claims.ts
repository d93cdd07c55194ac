import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { failpoint } from '@app/failpoints';
import type { TaskKind } from '@app/messaging';
import { DataSource, type EntityManager } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { park, recordCrash, recordFailedAttempt } from './dead-letters/parking.js';
import { LeaseLost } from './failures.js';
import { TaskEntity, type TaskError, type TaskProgress } from './task.entity.js';
import { TaskAnnouncer } from './task-announcer.js';
import { TaskEndings } from './task-endings.js';
import { TaskHandlers } from './task-handlers.js';
import { lockDue, nextInTurn } from './task-turns.js';

/** What went wrong: `shown` to users, the thrown `cause` to operators. */
export interface FailedAttempt {
  shown: TaskError;
  cause: unknown;
}

type Changes = QueryDeepPartialEntity<TaskEntity>;

const NOW = () => 'now()';
/** Between two statements; what a dataset then shows is computed in between. */
const LONGEST_PUBLICATION = '5min';
const RELEASED = { leaseOwner: null, leaseUntil: null } as const satisfies Changes;

/**
 * Every step of an attempt in Postgres. A step but the claim takes effect only while the task is running under
 * the fence number of that claim, so that an attempt which was overtaken or cancelled changes nothing.
 */
@Injectable()
export class TaskClaims {
  private readonly lease: () => string;
  private readonly leaseSeconds: number;
  private readonly maxCrashes: number;

  constructor(
    private readonly dataSource: DataSource,
    private readonly handlers: TaskHandlers,
    private readonly endings: TaskEndings,
    private readonly announcer: TaskAnnouncer,
    @Inject(SETTINGS) settings: Settings,
  ) {
    const { leaseSeconds, maxCrashes } = settings.tasks;
    this.lease = () => `now() + interval '${leaseSeconds} seconds'`;
    this.leaseSeconds = leaseSeconds;
    this.maxCrashes = maxCrashes;
  }

  /**
   * Starts the task of a kind whose turn it is, or gives null where none is due. Customers take turns, so that one
   * who orders a thousand tasks does not keep the others waiting.
   */
  async claimNext(kind: TaskKind, owner: string): Promise<TaskEntity | null> {
    const { leaseSeconds } = this;
    const passed: string[] = [];
    for (;;) {
      const id = await nextInTurn(this.dataSource.manager, kind, { leaseSeconds, passed });
      if (id === null) return null;
      const claim = await this.claim(id, owner);
      this.announcer.changed(id);
      if (claim !== null) return claim;
      // Another worker was faster, or the task was parked: there may be more.
      passed.push(id);
    }
  }

  /** The task as it runs now, or null where it is not due any more or used up. */
  private async claim(id: string, owner: string): Promise<TaskEntity | null> {
    return this.dataSource.transaction(async (manager) => {
      const due = await lockDue(manager, id, this.leaseSeconds);
      if (due === null) return null;
      const crashed = due.status === 'running';
      const fence = due.fence + 1;
      const crashes = due.crashes + (crashed ? 1 : 0);
      const handler = this.handlers.of(due.kind);
      if (crashed) await recordCrash(manager, due);
      if (crashes >= this.maxCrashes || due.attempts >= due.maxAttempts) {
        const error = usedUp(due);
        const changes: Changes = { ...RELEASED, status: 'failed', error, finishedAt: NOW };
        await manager.update(TaskEntity, { id }, { ...changes, fence, crashes });
        await handler.ended(manager, due, 'failed', error);
        await this.endings.tell(manager, due, { status: 'failed', error });
        await park(manager, due, 'poison');
        return null;
      }
      await manager.update(
        TaskEntity,
        { id },
        {
          status: 'running',
          fence,
          crashes,
          attempts: due.attempts + 1,
          leaseOwner: owner,
          leaseUntil: this.lease,
          claimedAt: NOW,
          startedAt: () => 'COALESCE(started_at, now())',
          progress: null,
        },
      );
      const task = await manager.findOneByOrFail(TaskEntity, { id });
      await handler.started?.(manager, task);
      return task;
    });
  }

  /** Renews the lease. @returns whether the attempt still owns the task */
  async renew(task: TaskEntity, progress: TaskProgress | null): Promise<boolean> {
    const owned = await this.change(this.dataSource.manager, task, {
      leaseUntil: this.lease,
      ...(progress !== null && { progress }),
    });
    this.announcer.changed(task.id);
    return owned;
  }

  /** Keeps the task this attempt's until the transaction ends. @throws LeaseLost */
  async hold(manager: EntityManager, { id, fence }: TaskEntity): Promise<void> {
    const owned = await manager.findOne(TaskEntity, {
      where: { id, fence, status: 'running' },
      lock: { mode: 'pessimistic_write' },
    });
    if (owned === null) throw new LeaseLost();
  }

  /** @throws LeaseLost */
  async succeed(
    task: TaskEntity,
    progress: TaskProgress | null,
    work: (manager: EntityManager) => Promise<object>,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      // A process that freezes in here must not hold what it has locked for ever.
      await manager.query(`SET LOCAL idle_in_transaction_session_timeout = '${LONGEST_PUBLICATION}'`);
      // The lock comes first, as in every other transaction about a task, or they could wait for each other.
      await this.hold(manager, task);
      failpoint('task.before-publication');
      const result = await work(manager);
      await this.change(manager, task, {
        ...RELEASED,
        status: 'succeeded',
        result,
        error: null,
        ...(progress !== null && { progress }),
        finishedAt: NOW,
      });
      await this.endings.tell(manager, task, { status: 'succeeded', result });
      failpoint('task.before-commit');
    });
    failpoint('task.published');
    this.ended(task);
  }

  /**
   * Ends the task; with `parked` it may be sent on its way again by an administrator.
   * @returns whether the attempt still owned the task
   */
  async fail(
    task: TaskEntity,
    { shown, cause, parked }: FailedAttempt & { parked: boolean },
  ): Promise<boolean> {
    const owned = await this.dataSource.transaction(async (manager) => {
      const changes: Changes = { ...RELEASED, status: 'failed', error: shown, finishedAt: NOW };
      if (!(await this.change(manager, task, changes))) return false;
      await this.handlers.of(task.kind).ended(manager, task, 'failed', shown);
      await this.endings.tell(manager, task, { status: 'failed', error: shown });
      await recordFailedAttempt(manager, task, shown, cause);
      if (parked) await park(manager, task, 'attempts_used_up');
      return true;
    });
    this.ended(task);
    return owned;
  }

  /** Back to the queue for another attempt after a while. @returns whether the attempt still owned the task */
  async retryLater(task: TaskEntity, { shown, cause }: FailedAttempt, delayMs: number): Promise<boolean> {
    const due = () => `now() + interval '${Math.round(delayMs)} milliseconds'`;
    const owned = await this.dataSource.transaction(async (manager) => {
      const changes: Changes = { ...RELEASED, status: 'queued', error: shown, runAt: due, announcedAt: due };
      if (!(await this.change(manager, task, changes))) return false;
      await recordFailedAttempt(manager, task, shown, cause);
      await this.handlers.of(task.kind).requeued?.(manager, task);
      return true;
    });
    this.announcer.changed(task.id);
    return owned;
  }

  /** Back to the queue at once, as if the attempt had not been made. */
  async giveBack(task: TaskEntity): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const changes: Changes = {
        ...RELEASED,
        status: 'queued',
        attempts: () => 'attempts - 1',
        announcedAt: NOW,
      };
      if (!(await this.change(manager, task, changes))) return;
      await this.handlers.of(task.kind).requeued?.(manager, task);
      await this.announcer.announce(manager, task);
    });
    this.announcer.changed(task.id);
  }

  /** Whoever listened may have ordered tasks. */
  private ended(task: TaskEntity): void {
    this.announcer.changed(task.id);
    this.announcer.wake();
  }

  private async change(manager: EntityManager, task: TaskEntity, changes: Changes): Promise<boolean> {
    const { id, fence } = task;
    const { affected } = await manager.update(TaskEntity, { id, fence, status: 'running' }, changes);
    return affected === 1;
  }
}

const usedUp = (task: TaskEntity): TaskError => ({
  code: 'poison',
  message: `The work was started ${task.attempts} times and never came to an end, so it is not tried again.`,
});
