import { hasGone } from '@app/database';
import type { TaskKind } from '@app/messaging';
import type { EntityManager } from 'typeorm';
import { TaskEntity } from './task.entity.js';

export const DUE = "task.status = 'queued' AND task.run_at <= now()";

/** Renewals come every two seconds: whoever missed one and has no connection left is not merely slow. */
const SILENT_SECONDS = 3;

/**
 * Running, but by nobody: its lease ran out, or its worker is gone, which is known sooner. A worker that is frozen or cut
 * off keeps its task until the lease ends.
 */
export function overdue(leaseSeconds: number): string {
  const early = Math.max(0, leaseSeconds - SILENT_SECONDS);
  return (
    `task.status = 'running' AND (task.lease_until < now() OR ` +
    `(task.lease_until < now() + interval '${early} seconds' AND ${hasGone('right(task.lease_owner, 36)')}))`
  );
}

/**
 * Each customer's next task is the one of highest priority, among equals the one that waits longest. The customer
 * with the fewest running tasks comes first, among equals the one who was served longest ago: round robin, in which
 * priority orders a customer's own tasks and never takes another's turn.
 */
const nextInTurnSql = (leaseSeconds: number): string => `
  WITH next AS (
    SELECT DISTINCT ON (task.customer_id) task.id, task.customer_id, task.run_at
    FROM tasks task
    WHERE task.kind = $1 AND task.id <> ALL($2) AND ((${DUE}) OR (${overdue(leaseSeconds)}))
    ORDER BY task.customer_id, task.priority DESC, task.run_at, task.id
  )
  SELECT next.id
  FROM next
  CROSS JOIN LATERAL (
    SELECT
      (SELECT max(task.claimed_at) FROM tasks task
        WHERE task.customer_id = next.customer_id AND task.kind = $1
          AND task.claimed_at > now() - interval '1 day') AS served_at,
      (SELECT count(*) FROM tasks task
        WHERE task.customer_id = next.customer_id AND task.kind = $1
          AND task.status = 'running' AND task.lease_until >= now()) AS running
  ) turn
  ORDER BY turn.running, turn.served_at NULLS FIRST, next.run_at, next.id
  LIMIT 1`;

/** Whose turn it is among the tasks of a kind that are due, but for those `passed` over; null where none is. */
export async function nextInTurn(
  manager: EntityManager,
  kind: TaskKind,
  { leaseSeconds, passed }: { leaseSeconds: number; passed: readonly string[] },
): Promise<string | null> {
  const [next] = await manager.query<{ id: string }[]>(nextInTurnSql(leaseSeconds), [kind, passed]);
  return next?.id ?? null;
}

/**
 * The task, locked, if it is due and nobody else holds it: a process that froze in the middle of a transaction keeps its
 * own task from others, not theirs from them.
 */
export async function lockDue(
  manager: EntityManager,
  id: string,
  leaseSeconds: number,
): Promise<TaskEntity | null> {
  return manager
    .createQueryBuilder(TaskEntity, 'task')
    .withDeleted()
    .where('task.id = :id', { id })
    .andWhere(`((${DUE}) OR (${overdue(leaseSeconds)}))`)
    .setLock('pessimistic_write')
    .setOnLocked('skip_locked')
    .getOne();
}
