import type { TaskKind } from '@app/messaging';
import type { EntityManager } from 'typeorm';
import { TaskEntity } from './task.entity.js';

export const DUE = "task.status = 'queued' AND task.run_at <= now()";
/** Its worker fell silent. */
export const OVERDUE = "task.status = 'running' AND task.lease_until < now()";

/**
 * Each customer's next task is the one of highest priority, among equals the one that waits longest. The customer
 * with the fewest running tasks comes first, among equals the one who was served longest ago: round robin, in which
 * priority orders a customer's own tasks and never takes another's turn.
 */
const NEXT_IN_TURN = `
  WITH next AS (
    SELECT DISTINCT ON (task.customer_id) task.id, task.customer_id, task.run_at
    FROM tasks task
    WHERE task.kind = $1 AND ((${DUE}) OR (${OVERDUE}))
    ORDER BY task.customer_id, task.priority DESC, task.run_at, task.id
  )
  SELECT next.id
  FROM next
  CROSS JOIN LATERAL (
    SELECT max(task.claimed_at) AS served_at,
      count(*) FILTER (WHERE task.status = 'running' AND task.lease_until >= now()) AS running
    FROM tasks task
    WHERE task.customer_id = next.customer_id AND task.kind = $1
      AND task.claimed_at > now() - interval '1 day'
  ) turn
  ORDER BY turn.running, turn.served_at NULLS FIRST, next.run_at, next.id
  LIMIT 1`;

/** Whose turn it is among the tasks of a kind that are due; null where none is. */
export async function nextInTurn(manager: EntityManager, kind: TaskKind): Promise<string | null> {
  const [next] = await manager.query<{ id: string }[]>(NEXT_IN_TURN, [kind]);
  return next?.id ?? null;
}

/** The task, locked, if it is still due once nobody else holds it. */
export async function lockDue(manager: EntityManager, id: string): Promise<TaskEntity | null> {
  return manager
    .createQueryBuilder(TaskEntity, 'task')
    .withDeleted()
    .where('task.id = :id', { id })
    .andWhere(`((${DUE}) OR (${OVERDUE}))`)
    .setLock('pessimistic_write')
    .getOne();
}
