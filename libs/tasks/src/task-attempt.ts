import type { Logger } from '@app/logging';
import type { EntityManager } from 'typeorm';
import { LeaseLost, PermanentError } from './failures.js';
import { ProgressMeter } from './progress-meter.js';
import type { TaskEntity } from './task.entity.js';
import type { TaskClaims } from './task-claims.js';
import type { ProgressReport, TaskContext, TaskHandler } from './task-handler.js';

const PROGRESS_EVERY_MS = 250;
/** A renewal also tells of a cancel, which is to work within a second; the lease alone would need far fewer. */
const RENEW_EVERY_MS = 500;
/** A handler that does not heed its signal is left behind after this long; it can publish nothing. */
const ABANDON_AFTER_MS = 5000;

/** One claim of a task, from its start to its end: keeps the lease, writes progress, guards the publication. */
export class TaskAttempt implements TaskContext {
  private readonly controller = new AbortController();
  private readonly meter = new ProgressMeter();
  private readonly renewal: NodeJS.Timeout;
  private progressTimer: NodeJS.Timeout | undefined;
  private writing = false;
  private leaseEndsAt: number;
  private phase: 'working' | 'publishing' | 'published' = 'working';

  constructor(
    readonly task: TaskEntity,
    private readonly claims: TaskClaims,
    private readonly leaseMs: number,
    private readonly logger: Logger,
  ) {
    this.leaseEndsAt = performance.now() + leaseMs;
    this.renewal = setInterval(() => void this.write(), Math.min(leaseMs / 3, RENEW_EVERY_MS));
  }

  get fence(): number {
    return this.task.fence;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** @throws what the handler throws, or the reason of the abort where there was one */
  async perform(handler: TaskHandler): Promise<void> {
    try {
      await Promise.race([handler.run(this), this.abandoned()]);
    } catch (error) {
      if (this.phase !== 'published') throw this.signal.aborted ? this.signal.reason : error;
      this.logger.error({ err: error }, 'a handler failed after its task had succeeded');
      return;
    } finally {
      this.stop();
    }
    if (this.phase === 'published') return;
    this.signal.throwIfAborted();
    throw new PermanentError('internal_error', 'The work ended without a result.');
  }

  abort(reason: Error): void {
    if (this.phase === 'working') this.controller.abort(reason);
  }

  progress(report: ProgressReport): void {
    this.meter.report(report, performance.now());
    this.progressTimer ??= setTimeout(() => {
      this.progressTimer = undefined;
      void this.write();
    }, PROGRESS_EVERY_MS);
  }

  async hold(manager: EntityManager): Promise<void> {
    this.signal.throwIfAborted();
    await this.claims.hold(manager, this.task);
  }

  async publish(work: (manager: EntityManager) => Promise<object>): Promise<void> {
    this.signal.throwIfAborted();
    this.phase = 'publishing';
    try {
      await this.claims.succeed(this.task, this.meter.current, work);
      this.phase = 'published';
    } finally {
      if (this.phase !== 'published') this.phase = 'working';
    }
  }

  private async write(): Promise<void> {
    // While publishing, the row is locked by this very attempt.
    if (this.writing || this.phase !== 'working') return;
    this.writing = true;
    const startedAt = performance.now();
    try {
      const owned = await this.claims.renew(this.task, this.meter.current);
      if (owned) this.leaseEndsAt = startedAt + this.leaseMs;
      else this.abort(new LeaseLost());
    } catch (err) {
      this.logger.warn({ err }, 'the lease could not be renewed');
      if (performance.now() > this.leaseEndsAt) this.abort(new LeaseLost());
    } finally {
      this.writing = false;
    }
  }

  private stop(): void {
    clearInterval(this.renewal);
    clearTimeout(this.progressTimer);
  }

  private abandoned(): Promise<never> {
    return new Promise((_resolve, reject) => {
      this.signal.addEventListener('abort', () => {
        setTimeout(() => reject(this.signal.reason as Error), ABANDON_AFTER_MS).unref();
      });
    });
  }
}
