import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import { notFound, Problem } from '@app/problems';
import {
  PermanentError,
  type TaskContext,
  type TaskEntity,
  type TaskHandler,
  TaskHandlers,
  TryAgainLater,
} from '@app/tasks';
import type { EntityManager } from 'typeorm';
import { NoticeEntity } from '../notices/notice.entity.js';
import type { Courier, DeliveryOutcome } from './courier.js';
import { Deliveries } from './deliveries.js';
import { type DeliveryAttempt, DeliveryEntity } from './delivery.entity.js';
import { nextDelayMs } from './next-delay.js';

/** Work that leads to a notice, of a task whose payload names it as its `job`. */
export interface DeliveryJob {
  run(context: TaskContext): Promise<void>;
}

/**
 * Brings a notice to one address, again and again over days until it is there or refused for good. What was sent before a
 * crash is sent once more under the same ids: at least once, and processed once by those who look at them.
 */
@Injectable()
export class DeliveryHandler implements TaskHandler, OnModuleInit {
  readonly kind = 'delivery';
  private readonly couriers = new Map<DeliveryEntity['channel'], Courier>();
  private readonly jobs = new Map<string, DeliveryJob>();

  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly handlers: TaskHandlers,
    private readonly deliveries: Deliveries,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  /** Each lib that can reach somebody adds its courier at start. */
  addCourier(channel: DeliveryEntity['channel'], courier: Courier): void {
    this.couriers.set(channel, courier);
  }

  addJob(name: string, job: DeliveryJob): void {
    this.jobs.set(name, job);
  }

  async requeued(manager: EntityManager, task: TaskEntity): Promise<void> {
    if (jobOf(task) !== undefined) return;
    const where = { id: subject(task), taskId: task.id, status: 'failed' } as const;
    await manager.update(DeliveryEntity, where, { status: 'pending' });
  }

  async ended(manager: EntityManager, task: TaskEntity, status: 'failed' | 'cancelled'): Promise<void> {
    // What it was to lead to shows its state itself.
    if (jobOf(task) !== undefined) return;
    const where = { id: subject(task), taskId: task.id };
    const pending = await manager.findOneBy(DeliveryEntity, { ...where, status: 'pending' });
    // Sent, and its worker died before it could say so of the task.
    if (pending === null) return;
    await manager.update(DeliveryEntity, where, { status: 'failed', nextAttemptAt: null });
    if (status !== 'cancelled') await this.couriers.get(pending.channel)?.gaveUp?.(manager, pending);
  }

  async run(context: TaskContext): Promise<void> {
    const { task, signal } = context;
    const name = jobOf(task);
    if (name !== undefined) {
      const job = this.jobs.get(name);
      if (job === undefined) throw new Error(`Nothing here does ${name}.`);
      return job.run(context);
    }
    const delivery = await this.manager.findOneBy(DeliveryEntity, { id: subject(task) });
    if (delivery === null) throw notFound('delivery');
    // It was sent on its way again since, by a task of its own.
    if (delivery.taskId !== task.id) return context.publish(() => Promise.resolve({ replayed: true }));
    if (delivery.status !== 'delivered') await this.send(delivery, task, signal);
    await context.publish(() => Promise.resolve({ deliveryId: delivery.id }));
  }

  /** That it was sent is written down at once and by itself: what a crash leaves in between is sent twice. */
  private async send(delivery: DeliveryEntity, task: TaskEntity, signal: AbortSignal): Promise<void> {
    const notice = await this.manager.findOneByOrFail(NoticeEntity, { id: delivery.noticeId });
    const courier = this.couriers.get(delivery.channel);
    if (courier === undefined) throw new Error(`Nothing here delivers by ${delivery.channel}.`);
    const startedAt = new Date();
    const outcome = await courier.deliver(delivery, notice, signal);
    const attempt = attemptOf(outcome, startedAt);
    if (outcome.delivered) return this.deliveries.record(delivery, attempt, { status: 'delivered' });
    signal.throwIfAborted();
    return this.postpone(task, delivery, attempt, outcome);
  }

  private async postpone(
    task: TaskEntity,
    delivery: DeliveryEntity,
    attempt: DeliveryAttempt,
    outcome: Extract<DeliveryOutcome, { delivered: false }>,
  ): Promise<never> {
    const { error, retry, retryAfterMs = 0 } = outcome;
    const delayMs = retry
      ? nextDelayMs(this.settings.deliveries.retrySeconds, task.attempts, retryAfterMs)
      : null;
    if (delayMs === null || task.attempts >= task.maxAttempts) {
      await this.deliveries.record(delivery, attempt, {});
      throw new PermanentError('delivery_failed', error);
    }
    await this.deliveries.record(delivery, attempt, { nextAttemptAt: new Date(Date.now() + delayMs) });
    throw new TryAgainLater('delivery_failed', error, delayMs);
  }
}

const attemptOf = (outcome: DeliveryOutcome, startedAt: Date): DeliveryAttempt => ({
  at: startedAt.toISOString(),
  delivered: outcome.delivered,
  status: outcome.status,
  error: outcome.delivered ? null : outcome.error,
  milliseconds: Date.now() - startedAt.getTime(),
});

const jobOf = ({ payload }: TaskEntity): string | undefined => (payload as { job?: string }).job;

function subject({ payload }: TaskEntity): string {
  const { deliveryId } = payload as { deliveryId?: string };
  if (deliveryId === undefined) throw new Problem('unprocessable', 'The task names no delivery.');
  return deliveryId;
}
