import { Injectable } from '@nestjs/common';
import { type Actor, AuditLog } from '@app/audit';
import { isTaskKind, type DeadMessage, Publisher } from '@app/messaging';
import { notFound, Problem } from '@app/problems';
import { DataSource, type FindOptionsWhere, In, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { TaskEntity } from '../task.entity.js';
import { TaskService } from '../task-service.js';
import { DeadLetterEntity, type DeadLetterReason, KEPT_CONTENT_BYTES } from './dead-letter.entity.js';
import { TaskFailureEntity } from './task-failure.entity.js';

const BROKER_RETRY_SECONDS = 5;

/** A dead letter with what is known about it. */
export interface DeadLetter {
  letter: DeadLetterEntity;
  /** Null where it is a message. */
  task: TaskEntity | null;
  /** The task's attempts that failed, the first one first. */
  failures: TaskFailureEntity[];
}

export interface DeadLetterFilter {
  queue?: string;
  reason?: DeadLetterReason;
}

export interface Redriven {
  redriven: number;
  /** Those that could not be sent on their way again, and why. */
  refused: { id: string; code: string; message: string }[];
}

/** What stopped and waits for somebody, and the way back for it. For administrators. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tasks: TaskService,
    private readonly publisher: Publisher,
    private readonly audit: AuditLog,
  ) {}

  /** Those that wait, the oldest first. */
  async list(
    filter: DeadLetterFilter,
    page: { skip: number; take: number },
  ): Promise<{ deadLetters: DeadLetter[]; count: number }> {
    const { manager } = this.dataSource;
    const [letters, count] = await manager.findAndCount(DeadLetterEntity, {
      where: waiting(filter),
      order: { createdAt: 'ASC', id: 'ASC' },
      ...page,
    });
    const ids = letters.flatMap(({ taskId }) => taskId ?? []);
    const tasks = new Map((await manager.findBy(TaskEntity, { id: In(ids) })).map((task) => [task.id, task]));
    const failures = await manager.find(TaskFailureEntity, {
      where: { taskId: In(ids) },
      order: { fence: 'ASC' },
    });
    const deadLetters = letters.map((letter) => ({
      letter,
      task: tasks.get(letter.taskId ?? '') ?? null,
      failures: failures.filter(({ taskId }) => taskId === letter.taskId),
    }));
    return { deadLetters, count };
  }

  async count(): Promise<number> {
    return this.dataSource.manager.countBy(DeadLetterEntity, waiting({}));
  }

  /**
   * Sends one on its way again: a task gets all its attempts back, a message goes to the queue it came from.
   * @returns the task, null where it was a message
   * @throws Problem not_found; conflict where the work makes no sense any more; unavailable without the broker
   */
  async redrive(id: string, actor: Actor): Promise<TaskEntity | null> {
    const letter = await this.dataSource.manager.findOneBy(DeadLetterEntity, { id, resolvedAt: IsNull() });
    if (letter === null) throw notFound('dead letter');
    if (letter.taskId !== null) return this.tasks.retry(letter.taskId, actor);
    await this.sendAgain(letter, actor);
    return null;
  }

  /** All that wait and match, as they are now. */
  async redriveAll(filter: DeadLetterFilter, actor: Actor): Promise<Redriven> {
    const letters = await this.dataSource.manager.find(DeadLetterEntity, {
      select: { id: true },
      where: waiting(filter),
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    const refused: Redriven['refused'] = [];
    for (const { id } of letters) {
      try {
        await this.redrive(id, actor);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        refused.push({ id, code: error.code, message: error.detail });
      }
    }
    return { redriven: letters.length - refused.length, refused };
  }

  /** Empties the broker's dead-letter queue into the table. A wake-up may go: its task is still there. */
  async collect(): Promise<number> {
    return this.publisher.takeDeadLetters(async (message) => {
      if (!message.isWakeUp) await this.keep(message);
    });
  }

  private async keep({ queue, content }: DeadMessage): Promise<void> {
    await this.dataSource.manager.insert(DeadLetterEntity, {
      id: uuidv7(),
      queue,
      reason: 'not_a_message',
      content: content.subarray(0, KEPT_CONTENT_BYTES),
      sizeBytes: content.length,
    });
  }

  private async sendAgain(letter: DeadLetterEntity, actor: Actor): Promise<void> {
    const { id, queue, content, sizeBytes } = letter;
    if (!isTaskKind(queue)) throw new Problem('conflict', `There is no queue ${queue}.`);
    if (content === null || content.length !== sizeBytes) {
      throw new Problem('conflict', 'The message was too large to be kept whole.');
    }
    await this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.update(
        DeadLetterEntity,
        { id, resolvedAt: IsNull() },
        { resolvedAt: () => 'now()' },
      );
      if (affected === 0) throw notFound('dead letter');
      await this.audit.recordDeed(manager, 'dead-letter.redrive', { id }, actor);
      // Before the commit: a message that is sent twice harms nobody, one that is not sent at all is lost.
      await this.publisher
        .publish({ queue, message: content, messageId: `dead-letter-${id}`, requestId: null })
        .catch((cause: unknown) => {
          throw new Problem('unavailable', 'The broker did not take the message.', {
            retryAfterSeconds: BROKER_RETRY_SECONDS,
            cause,
          });
        });
    });
  }
}

const waiting = ({ queue, reason }: DeadLetterFilter): FindOptionsWhere<DeadLetterEntity> => ({
  resolvedAt: IsNull(),
  ...(queue !== undefined && { queue }),
  ...(reason !== undefined && { reason }),
});
