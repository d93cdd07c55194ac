import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { processId } from '@app/database';
import { failpoint } from '@app/failpoints';
import { LOGGER, type Logger, runInContext } from '@app/logging';
import type { TaskKind } from '@app/messaging';
import { counter } from '@app/metrics';
import { Observable } from 'rxjs';
import { classifyFailure, type Failure, ShuttingDown } from './failures.js';
import { retryDelayMs } from './retry-delay.js';
import { TaskAnnouncer } from './task-announcer.js';
import { TaskAttempt } from './task-attempt.js';
import type { TaskEntity, TaskError } from './task.entity.js';
import { type FailedAttempt, TaskClaims } from './task-claims.js';
import { TaskHandlers } from './task-handlers.js';

const attempts = counter('datacore_task_attempts_total', 'Ended attempts at tasks, by how they ended.', [
  'kind',
  'outcome',
]);
const leaseLosses = counter(
  'datacore_lease_losses_total',
  'Attempts whose task was taken over or cancelled.',
  ['kind'],
);

// The clocks of this process and of Postgres run apart a little; a message that comes too early is for nothing.
const ANNOUNCE_MARGIN_MS = 50;

/** Does tasks: claims one, lets its handler work, records how it went. */
@Injectable()
export class TaskRunner {
  private readonly owner = `${hostname()}:${process.pid}:${processId}`;
  private readonly attempts = new Set<TaskAttempt>();

  constructor(
    private readonly claims: TaskClaims,
    private readonly handlers: TaskHandlers,
    private readonly announcer: TaskAnnouncer,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Makes one attempt at the task of a kind whose turn it is; completes at once where none is due, so that repeated
   * messages are harmless. Emits when the task is claimed: from then on its row and lease see to it that it is
   * done, and the message that led here has no further use. Completes once the outcome, success or failure, is
   * recorded; fails where Postgres could not record it, and the task then waits for its lease to run out.
   */
  run(kind: TaskKind): Observable<void> {
    return new Observable((subscriber) => {
      this.attempt(kind, () => subscriber.next()).then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(error),
      );
    });
  }

  private async attempt(kind: TaskKind, claimed: () => void): Promise<void> {
    const task = await this.claims.claimNext(kind, this.owner);
    if (task === null) return;
    failpoint('task.claimed');
    claimed();
    await runInContext({ requestId: task.requestId ?? randomUUID() }, () => this.perform(task));
  }

  private async perform(task: TaskEntity): Promise<void> {
    const logger = this.logger.child({ taskId: task.id, kind: task.kind, attempt: task.attempts });
    const attempt = new TaskAttempt(task, this.claims, this.settings.tasks.leaseSeconds * 1000, logger);
    this.attempts.add(attempt);
    logger.info('task started');
    try {
      await attempt.perform(this.handlers.of(task.kind));
      attempts.inc({ kind: task.kind, outcome: 'succeeded' });
      logger.info('task succeeded');
    } catch (error) {
      await this.recordFailure(attempt, error, logger);
    } finally {
      this.attempts.delete(attempt);
    }
  }

  /** Running tasks may finish until the grace period is over; then they are interrupted and given back. */
  endSoon(): void {
    setTimeout(() => {
      for (const attempt of this.attempts) attempt.abort(new ShuttingDown());
    }, this.settings.tasks.shutdownGraceSeconds * 1000).unref();
  }

  private async recordFailure({ task }: TaskAttempt, error: unknown, logger: Logger): Promise<void> {
    const failure = classifyFailure(error);
    attempts.inc({ kind: task.kind, outcome: failure.kind });
    if (failure.kind === 'interrupted') {
      await this.claims.giveBack(task);
      this.announcer.wake();
      logger.info('task given back to the queue');
      return;
    }
    if (failure.kind !== 'lost' && (await this.settle(task, failure, error, logger))) return;
    leaseLosses.inc({ kind: task.kind });
    logger.warn({ err: error }, 'task was cancelled or taken over; this attempt ends');
  }

  /** @returns whether the attempt still owned the task: one that was overtaken may fail of anything */
  private async settle(
    task: TaskEntity,
    failure: Extract<Failure, { error: TaskError }>,
    cause: unknown,
    logger: Logger,
  ): Promise<boolean> {
    const failed: FailedAttempt = { shown: failure.error, cause };
    if (failure.kind === 'permanent') {
      const owned = await this.claims.fail(task, { ...failed, parked: false });
      if (owned) logger.info({ error: failure.error }, 'task failed');
      return owned;
    }
    if (task.attempts >= task.maxAttempts) {
      const owned = await this.claims.fail(task, { ...failed, parked: true });
      if (owned) logger.error({ err: cause }, 'task failed; its attempts are used up');
      return owned;
    }
    const delayMs = failure.delayMs ?? retryDelayMs(task.attempts);
    const owned = await this.claims.retryLater(task, failed, delayMs);
    if (owned) {
      this.announcer.announceLater(task, delayMs + ANNOUNCE_MARGIN_MS);
      logger.warn({ err: cause, delayMs }, 'task failed for now; it is tried again');
    }
    return owned;
  }
}
