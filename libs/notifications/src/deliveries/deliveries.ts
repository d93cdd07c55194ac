import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import { notFound } from '@app/problems';
import { type TaskEntity, TaskService } from '@app/tasks';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { type DeliveryAttempt, DeliveryEntity, type DeliveryStatus } from './delivery.entity.js';

/** Whom a delivery is for. */
export type Addressee = { channel: 'email'; userId: string } | { channel: 'webhook'; webhookId: string };

/** A delivery with what its list shows of the notice. */
export type ListedDelivery = DeliveryEntity & { type: string };

export interface DeliveryQuery {
  webhookId: string;
  status: DeliveryStatus | undefined;
  direction: 'ASC' | 'DESC';
  offset: number;
  limit: number;
}

/** Attempts that are remembered of one delivery; the earliest go first. */
const KEPT_ATTEMPTS = 50;

/** Ordering deliveries and writing down what came of them. Each is a task of its own. */
@Injectable()
export class Deliveries {
  private readonly maxAttempts: number;

  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly tasks: TaskService,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.maxAttempts = settings.deliveries.retrySeconds.length + 1;
  }

  /** Orders one in the caller's transaction; `TaskService.announce` after the commit makes it start at once. */
  async order(
    manager: EntityManager,
    { id: noticeId, customerId }: NoticeEntity,
    addressee: Addressee,
  ): Promise<{ delivery: DeliveryEntity; task: TaskEntity }> {
    const id = uuidv7();
    const task = await this.enqueue(manager, customerId, id);
    await manager.insert(DeliveryEntity, { id, customerId, noticeId, ...addressee, taskId: task.id });
    return { delivery: await manager.findOneByOrFail(DeliveryEntity, { id }), task };
  }

  /**
   * Sends a delivery once more and now, with the same ids, whatever became of it; an attempt that waits for its time is
   * not made. @throws Problem not_found
   */
  async replay(webhookId: string, id: string): Promise<{ delivery: DeliveryEntity; task: TaskEntity }> {
    const replayed = await this.manager.transaction(async (manager) => {
      const delivery = await manager.findOne(DeliveryEntity, {
        where: { id, webhookId },
        lock: { mode: 'pessimistic_write' },
      });
      if (delivery === null) throw notFound('delivery');
      const task = await this.enqueue(manager, delivery.customerId, id);
      await manager.update(DeliveryEntity, { id }, { status: 'pending', taskId: task.id });
      return { delivery: await manager.findOneByOrFail(DeliveryEntity, { id }), task };
    });
    this.tasks.announce();
    return replayed;
  }

  async list(query: DeliveryQuery): Promise<{ deliveries: ListedDelivery[]; count: number }> {
    const { webhookId, status, direction, offset, limit } = query;
    const [found, count] = await this.manager.findAndCount(DeliveryEntity, {
      where: { webhookId, ...(status !== undefined && { status }) },
      order: { createdAt: direction, id: direction },
      skip: offset,
      take: limit,
    });
    return { deliveries: await this.withTypes(found), count };
  }

  /** Adds an attempt, with what the delivery now is; nothing where it was sent on its way again since. */
  async record(
    { id, taskId }: DeliveryEntity,
    attempt: DeliveryAttempt,
    changes: { status?: DeliveryStatus; nextAttemptAt?: Date },
  ): Promise<void> {
    const { status, nextAttemptAt = null } = changes;
    await this.manager.query(
      `UPDATE deliveries SET status = coalesce($2, status), next_attempt_at = $3,
          delivered_at = CASE WHEN $2 = 'delivered' THEN now() ELSE delivered_at END,
          attempts = (SELECT coalesce(jsonb_agg(a ORDER BY n), '[]') FROM (
            SELECT a, n FROM jsonb_array_elements(attempts || $4::jsonb) WITH ORDINALITY AS all_attempts(a, n)
              ORDER BY n DESC LIMIT ${KEPT_ATTEMPTS}) AS kept)
        WHERE id = $1 AND task_id = $5`,
      [id, status ?? null, nextAttemptAt, JSON.stringify([attempt]), taskId],
    );
  }

  async withTypes(deliveries: readonly DeliveryEntity[]): Promise<ListedDelivery[]> {
    const rows = await this.manager.query<{ id: string; type: string }[]>(
      'SELECT id, type FROM notices WHERE id = ANY($1)',
      [deliveries.map(({ noticeId }) => noticeId)],
    );
    const types = new Map(rows.map(({ id, type }) => [id, type]));
    return deliveries.map((delivery) =>
      Object.assign(delivery, { type: types.get(delivery.noticeId) ?? '' }),
    );
  }

  private enqueue(manager: EntityManager, customerId: string, deliveryId: string): Promise<TaskEntity> {
    return this.tasks.enqueue(manager, {
      kind: 'delivery',
      customerId,
      payload: { deliveryId },
      maxAttempts: this.maxAttempts,
    });
  }
}
