import { lookup } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { refuseBeyond } from '@app/customers';
import { Deliveries, type DeliveryEntity, NoticeBoard, type NoticeType, TEST_TYPE } from '@app/notifications';
import { invalidParameter, notFound, Problem } from '@app/problems';
import { type TaskEntity, TaskService } from '@app/tasks';
import { type EntityManager, In, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { newSecret } from './signature/sign.js';
import { isPublicAddress } from './targets/public-address.js';
import { Sender } from './targets/sender.js';
import { faultOf, hostOf } from './targets/target-rules.js';
import { WebhookEntity } from './webhook.entity.js';

export interface WebhookFields {
  url: string;
  description: string;
  events: NoticeType[];
  enabled: boolean;
}

export interface WebhookQuery {
  customerIds: string[];
  /** An escaped LIKE pattern, looked for in address and description. */
  pattern: string | undefined;
  ordering: { by: 'url' | 'createdAt'; direction: 'ASC' | 'DESC' };
  offset: number;
  limit: number;
}

const MAX_PER_CUSTOMER = 20;
const RESOLVE_MS = 2000;
/** How long both secrets sign after a rotation. */
const AFTER_ROTATION = () => "now() + interval '24 hours'";

/** Addresses that are told of notices: naming them, changing them, trying them. */
@Injectable()
export class WebhookService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly deliveries: Deliveries,
    private readonly board: NoticeBoard,
    private readonly tasks: TaskService,
    private readonly sender: Sender,
    private readonly audit: AuditLog,
  ) {}

  /** @throws Problem not_found */
  async get(id: string): Promise<WebhookEntity> {
    const webhook = await this.manager.findOneBy(WebhookEntity, { id, deletedAt: IsNull() });
    if (webhook === null) throw notFound('webhook');
    return webhook;
  }

  async list(query: WebhookQuery): Promise<{ webhooks: WebhookEntity[]; count: number }> {
    const select = this.manager
      .createQueryBuilder(WebhookEntity, 'webhook')
      .where({ customerId: In(query.customerIds), deletedAt: IsNull() });
    if (query.pattern !== undefined) {
      select.andWhere('(webhook.url ILIKE :pattern OR webhook.description ILIKE :pattern)', {
        pattern: query.pattern,
      });
    }
    const [webhooks, count] = await select
      .orderBy(`webhook.${query.ordering.by}`, query.ordering.direction)
      .addOrderBy('webhook.id')
      .skip(query.offset)
      .take(query.limit)
      .getManyAndCount();
    return { webhooks, count };
  }

  /**
   * The secret stands in what is returned.
   * @throws Problem invalid_parameter, unprocessable for an address that nothing may be sent to or one webhook too many
   */
  async create(
    customerId: string,
    fields: Omit<WebhookFields, 'enabled'>,
    actor: Actor,
  ): Promise<WebhookEntity> {
    const url = await this.checked(fields.url);
    const id = uuidv7();
    return this.manager.transaction(async (manager) => {
      await refuseBeyond(manager, WebhookEntity, customerId, { most: MAX_PER_CUSTOMER, name: 'webhooks' });
      const createdBy = actor.actorId ?? null;
      await manager.insert(WebhookEntity, { ...fields, id, customerId, url, secret: newSecret(), createdBy });
      await this.audit.recordDeed(manager, 'webhook.create', { id, customerId }, actor);
      return manager.findOneByOrFail(WebhookEntity, { id });
    });
  }

  /** @throws Problem not_found; invalid_parameter, unprocessable as for a new one */
  async update(id: string, changes: Partial<WebhookFields>, actor: Actor): Promise<WebhookEntity> {
    const url = changes.url === undefined ? {} : { url: await this.checked(changes.url) };
    const enabled = changes.enabled === undefined ? {} : { disabledReason: null };
    return this.change(id, 'webhook.update', { ...changes, ...url, ...enabled }, actor, {
      fields: Object.keys(changes),
    });
  }

  /** A new secret; the one before signs beside it for a day. @throws Problem not_found */
  async rotateSecret(id: string, actor: Actor): Promise<WebhookEntity> {
    const { secret } = await this.get(id);
    const changes = { secret: newSecret(), previousSecret: secret, previousUntil: AFTER_ROTATION };
    return this.change(id, 'webhook.rotateSecret', changes, actor);
  }

  /** What is on its way to it is not sent any more. @throws Problem not_found */
  async delete(id: string, actor: Actor): Promise<void> {
    await this.change(id, 'webhook.delete', { deletedAt: () => 'now()' }, actor);
  }

  /** Sends a message of no meaning, as any other is sent. @throws Problem not_found; conflict where it is disabled */
  async test(id: string, actor: Actor): Promise<{ delivery: DeliveryEntity; task: TaskEntity }> {
    const { customerId, enabled } = await this.get(id);
    if (!enabled) throw new Problem('conflict', 'The webhook is disabled; enable it first.');
    const ordered = await this.manager.transaction(async (manager) => {
      const notice = await this.board.write(manager, {
        customerId,
        type: TEST_TYPE,
        key: `${TEST_TYPE}:${uuidv7()}`,
        title: 'A test',
        text: 'If you can read this, the webhook works.',
      });
      if (notice === null) throw new Error('The notice of a test was there before.');
      await this.audit.recordDeed(manager, 'webhook.test', { id, customerId }, actor);
      return this.deliveries.order(manager, notice, { channel: 'webhook', webhookId: id });
    });
    this.tasks.announce();
    return ordered;
  }

  /** The address as it will be used. A name that cannot be resolved now may be later, and is looked at then. */
  private async checked(address: string): Promise<string> {
    if (!URL.canParse(address)) throw invalidParameter('url', 'not an address');
    const url = new URL(address);
    const { allowPrivate } = this.sender;
    const fault = faultOf(url, allowPrivate) ?? (allowPrivate ? null : await faultOfName(hostOf(url)));
    if (fault !== null) throw new Problem('unprocessable', `url: ${fault}`, { fields: { url: [fault] } });
    return url.href;
  }

  private async change(
    id: string,
    action: string,
    changes: object,
    actor: Actor,
    details: object = {},
  ): Promise<WebhookEntity> {
    return this.manager.transaction(async (manager) => {
      const { affected } = await manager.update(
        WebhookEntity,
        { id, deletedAt: IsNull() },
        { ...changes, updatedAt: () => 'now()' },
      );
      if (affected !== 1) throw notFound('webhook');
      const webhook = await manager.findOneByOrFail(WebhookEntity, { id });
      await this.audit.recordDeed(manager, action, webhook, actor, details);
      return webhook;
    });
  }
}

async function faultOfName(host: string): Promise<string | null> {
  const resolved = lookup(host, { all: true }).catch(() => []);
  const late = new Promise<[]>((resolve) => setTimeout(() => resolve([]), RESOLVE_MS).unref());
  const addresses = await Promise.race([resolved, late]);
  const isPublic = addresses.every(({ address }) => isPublicAddress(address));
  return isPublic ? null : 'must not lead to a private or reserved address';
}
