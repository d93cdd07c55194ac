import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { TaskEntity, TaskError } from './task.entity.js';

export type TaskEnding = { status: 'succeeded'; result: object } | { status: 'failed'; error: TaskError };

/** Called in the transaction that ends a task: what it writes is there if, and only if, the task has ended. */
export type TaskEndingListener = (
  manager: EntityManager,
  task: TaskEntity,
  ending: TaskEnding,
) => Promise<void>;

/** Who wants to know of tasks that succeeded, or failed for good. A cancelled task is nobody's news. */
@Injectable()
export class TaskEndings {
  private readonly listeners: TaskEndingListener[] = [];

  listen(listener: TaskEndingListener): void {
    this.listeners.push(listener);
  }

  async tell(manager: EntityManager, task: TaskEntity, ending: TaskEnding): Promise<void> {
    for (const listener of this.listeners) await listener(manager, task, ending);
  }
}
