import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { NotificationChoices } from './choices/notification-choices.js';
import { NoticeBoard } from './notices/notice-board.js';
import type { NoticeEntity } from './notices/notice.entity.js';
import { TEST_TYPE } from './notices/notice-types.js';
import { MailChannel } from './mail/mail-channel.js';

/** Lays notices into the lists of those who want to find them there, and orders mails for those who want these. */
@Injectable()
export class NotificationInbox implements OnModuleInit {
  constructor(
    private readonly board: NoticeBoard,
    private readonly choices: NotificationChoices,
    private readonly mail: MailChannel,
  ) {}

  onModuleInit(): void {
    this.board.addChannel((manager, notice, alsoTo) => this.accept(manager, notice, alsoTo));
  }

  private async accept(manager: EntityManager, notice: NoticeEntity, alsoTo: string | null): Promise<void> {
    if (notice.type === TEST_TYPE) return;
    const { id: noticeId, customerId, type } = notice;
    for (const { userId, channels } of await this.choices.recipients(manager, customerId, type, alsoTo)) {
      if (channels.includes('inApp')) {
        await manager.query(
          'INSERT INTO notifications (id, notice_id, customer_id, user_id) VALUES ($1, $2, $3, $4)',
          [uuidv7(), noticeId, customerId, userId],
        );
      }
      if (channels.includes('email')) await this.mail.order(manager, notice, userId);
    }
  }
}
