import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import type { EntityManager } from 'typeorm';
import { type Channel, NOTICE_TYPE_NAMES, NOTICE_TYPES, type NoticeType } from '../notices/notice-types.js';

/** Channels by type of notice; a type that is not named is left to the next one asked. */
export type Choices = Partial<Record<NoticeType, Channel[]>>;

/** What holds for one type, and who chose it. */
export type Effective = Record<
  NoticeType,
  { channels: Channel[]; chosenBy: 'user' | 'customer' | 'default' }
>;

export interface Recipient {
  userId: string;
  channels: readonly Channel[];
}

/** By which channels each user hears of what: the user's own choice, else the customer's, else the default. */
@Injectable()
export class NotificationChoices {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly audit: AuditLog,
  ) {}

  /** Without a user, what holds for members who have not chosen themselves. */
  async get(customerId: string, userId: string | null): Promise<Effective> {
    const own = userId === null ? {} : await this.stored(customerId, userId);
    return effective(own, await this.stored(customerId, null));
  }

  /** Changes the named types; null leaves a type to whoever is asked next. Without a user, for the whole customer. */
  async change(
    customerId: string,
    userId: string | null,
    changes: Partial<Record<NoticeType, Channel[] | null>>,
    actor: Actor,
  ): Promise<Effective> {
    const target =
      userId === null
        ? '(customer_id) WHERE user_id IS NULL'
        : '(customer_id, user_id) WHERE user_id IS NOT NULL';
    await this.manager.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO notification_choices AS c (customer_id, user_id, choices)
          VALUES ($1, $2, jsonb_strip_nulls($3::jsonb))
          ON CONFLICT ${target} DO UPDATE SET choices = jsonb_strip_nulls(c.choices || $3::jsonb)`,
        [customerId, userId, JSON.stringify(changes)],
      );
      await this.audit.record(manager, {
        action: 'notificationChoices.update',
        ...actor,
        customerId,
        resourceType: userId === null ? 'customer' : 'user',
        resourceId: userId ?? customerId,
        details: { fields: Object.keys(changes) },
      });
    });
    return this.get(customerId, userId);
  }

  /** The customer's active members, and `alsoTo`, with the channels by which each wants to hear of the type. */
  async recipients(
    manager: EntityManager,
    customerId: string,
    type: NoticeType,
    alsoTo: string | null,
  ): Promise<Recipient[]> {
    const rows = await manager.query<{ userId: string; own: Choices | null; shared: Choices | null }[]>(
      `SELECT u.id AS "userId", own.choices AS own, shared.choices AS shared
         FROM users u
         LEFT JOIN members m ON m.user_id = u.id AND m.customer_id = $1
         LEFT JOIN notification_choices own ON own.customer_id = $1 AND own.user_id = u.id
         LEFT JOIN notification_choices shared ON shared.customer_id = $1 AND shared.user_id IS NULL
        WHERE u.is_active AND (m.user_id IS NOT NULL OR u.id = $2) ORDER BY u.id`,
      [customerId, alsoTo],
    );
    return rows.map(({ userId, own, shared }) => ({
      userId,
      channels: effective(own ?? {}, shared ?? {})[type].channels,
    }));
  }

  private async stored(customerId: string, userId: string | null): Promise<Choices> {
    const rows = await this.manager.query<{ choices: Choices }[]>(
      'SELECT choices FROM notification_choices WHERE customer_id = $1 AND user_id IS NOT DISTINCT FROM $2',
      [customerId, userId],
    );
    return rows[0]?.choices ?? {};
  }
}

/** Exported for its test. */
export function effective(own: Choices, shared: Choices): Effective {
  const of = (type: NoticeType): Effective[NoticeType] => {
    if (own[type] !== undefined) return { channels: own[type], chosenBy: 'user' };
    if (shared[type] !== undefined) return { channels: shared[type], chosenBy: 'customer' };
    return { channels: [...NOTICE_TYPES[type]], chosenBy: 'default' };
  };
  return Object.fromEntries(NOTICE_TYPE_NAMES.map((type) => [type, of(type)])) as Effective;
}
