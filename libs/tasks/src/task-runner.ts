import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { LOGGER, type Logger } from '@app/logging';
import { counter } from '@app/metrics';
import { classifyFailure, ShuttingDown } from './failures.js';
import { retryDelayMs } from './retry-delay.js';
import { TaskAnnouncer } from './task-announcer.js';
import { TaskAttempt } from './task-attempt.js';
import { TaskClaims } from './task-claims.js';
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
export class TaskRunner implements BeforeApplicationShutdown {
  private readonly owner = `${hostname()}:${process.pid}:${randomUUID()}`;
  private readonly attempts = new Set<TaskAttempt>();

  constructor(
    private readonly claims: TaskClaims,
    private readonly handlers: TaskHandlers,
    private readonly announcer: TaskAnnouncer,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Makes one attempt at the task if it is due; else does nothing, so that repeated messages are harmless.
   * Resolves once the outcome, success or failure, is recorded.
   * @throws where Postgres could not record it: the task then waits for its lease to run out
   */
  async run(taskId: string): Promise<void> {
    const task = await this.claims.claim(taskId, this.owner);
    if (task === null) return;
    const logger = this.logger.child({ taskId, kind: task.kind, attempt: task.attempts });
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
  beforeApplicationShutdown(): void {
    setTimeout(() => {
      for (const attempt of this.attempts) attempt.abort(new ShuttingDown());
    }, this.settings.tasks.shutdownGraceSeconds * 1000).unref();
  }

  private async recordFailure({ task }: TaskAttempt, error: unknown, logger: Logger): Promise<void> {
    const failure = classifyFailure(error);
    attempts.inc({ kind: task.kind, outcome: failure.kind });
    switch (failure.kind) {
      case 'lost':
        leaseLosses.inc({ kind: task.kind });
        logger.warn('task was cancelled or taken over; this attempt ends');
        return;
      case 'interrupted':
        await this.claims.giveBack(task);
        this.announcer.wake();
        logger.info('task given back to the queue');
        return;
      case 'permanent':
        await this.claims.fail(task, failure.error);
        logger.info({ error: failure.error }, 'task failed');
        return;
      case 'transient':
        if (task.attempts >= task.maxAttempts) {
          await this.claims.fail(task, failure.error);
          logger.error({ err: error }, 'task failed; its attempts are used up');
          return;
        }
        await this.retry(task, failure.error, error, logger);
    }
  }

  private async retry(
    task: TaskAttempt['task'],
    shown: { code: string; message: string },
    error: unknown,
    logger: Logger,
  ): Promise<void> {
    const delayMs = retryDelayMs(task.attempts);
    if (!(await this.claims.retryLater(task, shown, delayMs))) return;
    this.announcer.announceLater(task, delayMs + ANNOUNCE_MARGIN_MS);
    logger.warn({ err: error, delayMs }, 'task failed for now; it is tried again');
  }
}
