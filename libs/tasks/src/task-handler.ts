import type { EntityManager } from 'typeorm';
import type { TaskKind } from '@app/messaging';
import type { TaskEntity, TaskError } from './task.entity.js';

export interface ProgressReport {
  done: number;
  total: number;
  unit: string;
  /** What is being done, where the work has several parts. */
  phase?: string;
}

/** What a handler has of the attempt it makes. */
export interface TaskContext {
  readonly task: TaskEntity;
  /** The number of this claim; data written under it never mixes with another attempt's. */
  readonly fence: number;
  /** Aborted on cancel, loss of the lease, and when a shutdown waits no longer. Its reason is the error to throw. */
  readonly signal: AbortSignal;
  /** May be called as often as wished; written to the task about four times a second. */
  progress(report: ProgressReport): void;
  /**
   * For work that is written before the task ends: part of the transaction in which it is written, before anything else is
   * locked. Until that ends nobody takes the task over.
   * @throws LeaseLost where this attempt no longer owns the task; nothing may then be written
   */
  hold(manager: EntityManager): Promise<void>;
  /**
   * The only way to end a task well: runs `work` in one transaction that also marks the task succeeded with the
   * object `work` returns. The task's row is locked first, then whatever `work` locks.
   * @throws LeaseLost where this attempt no longer owns the task; nothing is then written.
   */
  publish(work: (manager: EntityManager) => Promise<object>): Promise<void>;
}

/**
 * How one kind of task is done. A thrown Problem or PermanentError ends the task as failed; any other error is
 * taken for a passing one and the task is tried again after a while, until its attempts are used up.
 * The hooks run in the transaction that changes the task's status and bring its subject (upload, report) along.
 */
export interface TaskHandler {
  readonly kind: TaskKind;
  /** Does the work and publishes it. Only workers call it. */
  run(context: TaskContext): Promise<void>;
  /** The task failed for good or was cancelled. Called in either app. */
  ended(
    manager: EntityManager,
    task: TaskEntity,
    status: 'failed' | 'cancelled',
    error: TaskError,
  ): Promise<void>;
  /** The task was claimed and is running now. */
  started?(manager: EntityManager, task: TaskEntity): Promise<void>;
  /** The task went back to queued, for a later attempt or at a user's wish. */
  requeued?(manager: EntityManager, task: TaskEntity): Promise<void>;
}
