import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import type { EntityManager } from 'typeorm';
import type { Courier, DeliveryOutcome } from '../deliveries/courier.js';
import { Deliveries } from '../deliveries/deliveries.js';
import type { DeliveryEntity } from '../deliveries/delivery.entity.js';
import { DeliveryHandler } from '../deliveries/delivery.handler.js';
import type { NoticeEntity } from '../notices/notice.entity.js';
import { mailOf } from './mail-message.js';
import { Mailer } from './mailer.js';

interface Addressee {
  email: string;
  name: string;
  customer: string;
}

/** Notices by e-mail. */
@Injectable()
export class MailChannel implements Courier, OnModuleInit {
  private readonly publicUrl: string | undefined;

  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly deliveries: Deliveries,
    private readonly handler: DeliveryHandler,
    private readonly mailer: Mailer,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.publicUrl = settings.api.publicUrl;
  }

  onModuleInit(): void {
    this.handler.addCourier('email', this);
  }

  /** In the transaction of the notice; nothing where no SMTP server is configured. */
  async order(manager: EntityManager, notice: NoticeEntity, userId: string): Promise<void> {
    if (this.mailer.isConfigured) await this.deliveries.order(manager, notice, { channel: 'email', userId });
  }

  async deliver(delivery: DeliveryEntity, notice: NoticeEntity): Promise<DeliveryOutcome> {
    const addressee = await this.addressee(delivery);
    if (addressee === undefined) {
      return {
        delivered: false,
        status: null,
        error: 'The user no longer belongs to the customer.',
        retry: false,
      };
    }
    const { email, name, customer } = addressee;
    const { publicUrl } = this;
    try {
      await this.mailer.send({
        id: delivery.id,
        to: { name, address: email },
        ...mailOf(notice, { customer, ...(publicUrl !== undefined && { publicUrl }) }),
      });
      return { delivered: true, status: null };
    } catch (error) {
      // RFC 5321: 5yz will not end otherwise when repeated, everything else may.
      const status = (error as { responseCode?: number }).responseCode ?? null;
      const retry = status === null || status < 500;
      const reason =
        status === null ? 'The mail server could not be reached.' : `The mail server answered ${status}.`;
      return { delivered: false, status, error: reason, retry };
    }
  }

  /** As they are now: who left the customer since is told nothing any more. */
  private async addressee({ userId, customerId }: DeliveryEntity): Promise<Addressee | undefined> {
    const [addressee] = await this.manager.query<Addressee[]>(
      `SELECT u.email, u.name, c.name AS customer FROM users u
         JOIN customers c ON c.id = $2 AND c.deleted_at IS NULL
        WHERE u.id = $1 AND u.is_active
          AND (u.is_admin OR EXISTS (SELECT 1 FROM members m WHERE m.user_id = u.id AND m.customer_id = c.id))`,
      [userId, customerId],
    );
    return addressee;
  }
}
