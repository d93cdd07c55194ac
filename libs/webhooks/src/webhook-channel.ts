import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import {
  type Courier,
  Deliveries,
  type DeliveryEntity,
  DeliveryHandler,
  type DeliveryOutcome,
  NoticeBoard,
  type NoticeEntity,
} from '@app/notifications';
import type { EntityManager } from 'typeorm';
import { signedHeaders } from './signature/sign.js';
import { ForbiddenAddress } from './targets/guarded-lookup.js';
import { Sender } from './targets/sender.js';
import { WebhookEntity } from './webhook.entity.js';

const GONE = 410;

/** Notices by signed POST to the addresses that a customer names. */
@Injectable()
export class WebhookChannel implements Courier, OnModuleInit {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly board: NoticeBoard,
    private readonly deliveries: Deliveries,
    private readonly handler: DeliveryHandler,
    private readonly sender: Sender,
  ) {}

  onModuleInit(): void {
    this.board.addChannel((manager, notice) => this.accept(manager, notice));
    this.handler.addCourier('webhook', this);
  }

  async deliver(
    { webhookId }: DeliveryEntity,
    notice: NoticeEntity,
    signal: AbortSignal,
  ): Promise<DeliveryOutcome> {
    const webhook = await this.manager.findOneBy(WebhookEntity, { id: webhookId ?? '' });
    if (webhook === null || webhook.deletedAt !== null || !webhook.enabled) {
      return { delivered: false, status: null, error: 'The webhook is disabled or deleted.', retry: false };
    }
    const at = new Date();
    const body = bodyOf(notice);
    const headers = signedHeaders(secretsOf(webhook, at), { id: `msg_${notice.id}`, at, body });
    try {
      const { status, retryAfterMs } = await this.sender.post(
        webhook.url,
        body,
        { ...headers, 'Content-Type': 'application/json', 'User-Agent': 'DataCore' },
        signal,
      );
      if (status >= 200 && status < 300) return { delivered: true, status };
      const redirect = status >= 300 && status < 400 ? '; redirects are not followed' : '';
      const error = `The receiver answered ${status}${redirect}.`;
      return { delivered: false, status, error, retry: status !== GONE, retryAfterMs };
    } catch (error) {
      if (error instanceof ForbiddenAddress) {
        return { delivered: false, status: null, error: error.message, retry: false };
      }
      signal.throwIfAborted();
      return { delivered: false, status: null, error: faultOnTheLine(error), retry: true };
    }
  }

  /** An address at which nothing arrives any more is left alone, and its owners are told. */
  async gaveUp(manager: EntityManager, delivery: DeliveryEntity): Promise<void> {
    const { webhookId, customerId, createdAt, attempts } = delivery;
    const last = attempts.at(-1);
    if (last === undefined || last.delivered) return;
    const [rows] = await manager.query<[{ url: string }[], number]>(
      `UPDATE webhooks w SET enabled = false, disabled_reason = $2, updated_at = now()
        WHERE w.id = $1 AND w.enabled AND w.deleted_at IS NULL
          AND ($3 OR NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook_id = w.id AND d.delivered_at > $4))
        RETURNING w.url`,
      [webhookId, last.error, last.status === GONE, createdAt],
    );
    const [disabled] = rows;
    if (disabled === undefined) return;
    await this.board.publish(manager, {
      customerId,
      type: 'webhook.disabled',
      key: `webhook.disabled:${delivery.id}:${attempts.length}`,
      title: `A webhook was disabled: ${new URL(disabled.url).host}`,
      text: `${last.error ?? ''} It is told nothing more until somebody enables it again.`,
      data: { webhookId },
    });
  }

  private async accept(manager: EntityManager, notice: NoticeEntity): Promise<void> {
    const { customerId, type } = notice;
    const webhooks = await manager.query<{ id: string }[]>(
      `SELECT id FROM webhooks WHERE customer_id = $1 AND enabled AND deleted_at IS NULL AND $2 = ANY(events) ORDER BY id`,
      [customerId, type],
    );
    for (const { id } of webhooks) {
      await this.deliveries.order(manager, notice, { channel: 'webhook', webhookId: id });
    }
  }
}

/** The same bytes in every attempt. */
function bodyOf({ type, createdAt, customerId, title, text, data, ...ids }: NoticeEntity): string {
  const { datasetId, uploadId, reportId, taskId } = ids;
  const subjects = { customerId, datasetId, uploadId, reportId, taskId };
  const timestamp = createdAt.toISOString();
  return JSON.stringify({ type, timestamp, data: { title, text, ...subjects, details: data } });
}

const secretsOf = ({ secret, previousSecret, previousUntil }: WebhookEntity, at: Date): string[] =>
  previousSecret !== null && previousUntil !== null && previousUntil > at
    ? [secret, previousSecret]
    : [secret];

/** Codes of Node say what happened; messages might tell of what stands behind an address. */
function faultOnTheLine(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string };
  if (name === 'TimeoutError' || code === 'ABORT_ERR' || name === 'AbortError')
    return 'The receiver did not answer in time.';
  return `The receiver could not be reached${code === undefined ? '' : ` (${code})`}.`;
}
