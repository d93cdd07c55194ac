import { type EntityManager, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { TaskEntity, TaskError } from '../task.entity.js';
import { DeadLetterEntity, type DeadLetterReason } from './dead-letter.entity.js';
import { TaskFailureEntity } from './task-failure.entity.js';

const LONGEST_CAUSE = 2000;

/** A task that ends as failed though its input may be fine: it waits as a dead letter. In the transaction that ends it. */
export async function park(
  manager: EntityManager,
  { id, kind }: TaskEntity,
  reason: DeadLetterReason,
): Promise<void> {
  await manager.insert(DeadLetterEntity, { id: uuidv7(), queue: kind, reason, taskId: id });
}

/** The task went on or away: it is no dead letter any more. In the transaction that did it. */
export async function unpark(manager: EntityManager, taskId: string): Promise<void> {
  await manager.update(DeadLetterEntity, { taskId, resolvedAt: IsNull() }, { resolvedAt: () => 'now()' });
}

/** Remembers an attempt that failed. */
export async function recordFailedAttempt(
  manager: EntityManager,
  { id, fence }: TaskEntity,
  error: TaskError,
  cause: unknown,
): Promise<void> {
  const failure = { taskId: id, fence, outcome: 'failed' as const, error, cause: causeText(cause) };
  await manager.insert(TaskFailureEntity, failure);
}

/** Remembers an attempt that fell silent. */
export async function recordCrash(manager: EntityManager, { id, fence }: TaskEntity): Promise<void> {
  await manager.insert(TaskFailureEntity, { taskId: id, fence, outcome: 'crashed' });
}

/** Postgres stores no NUL and no half of a surrogate pair. */
const causeText = (cause: unknown): string =>
  String(cause)
    .slice(0, LONGEST_CAUSE)
    .replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD');
