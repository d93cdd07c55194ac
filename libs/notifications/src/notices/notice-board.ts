import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { NoticeEntity } from './notice.entity.js';
import type { NoticeType, TEST_TYPE } from './notice-types.js';

export interface NewNotice {
  customerId: string;
  type: NoticeType | typeof TEST_TYPE;
  key: string;
  title: string;
  text: string;
  datasetId?: string | null;
  uploadId?: string | null;
  reportId?: string | null;
  taskId?: string | null;
  data?: object;
}

/** A way by which notices reach somebody. It writes in the transaction of the notice what it needs to do so later. */
export type NoticeChannel = (
  manager: EntityManager,
  notice: NoticeEntity,
  alsoTo: string | null,
) => Promise<void>;

const LONGEST_TITLE = 200;

/** Where everything is announced that customers want to hear of. */
@Injectable()
export class NoticeBoard {
  private readonly channels: NoticeChannel[] = [];

  /** Each lib that can reach somebody adds its channel at start. */
  addChannel(channel: NoticeChannel): void {
    this.channels.push(channel);
  }

  /**
   * Announces what happened in the transaction in which it happened. What a channel orders there runs after the
   * commit. @returns null where it was said before
   */
  async publish(
    manager: EntityManager,
    fields: NewNotice,
    /** Somebody who is told besides the members, such as an administrator who ordered the work. */
    alsoTo: string | null = null,
  ): Promise<NoticeEntity | null> {
    const notice = await this.write(manager, fields);
    if (notice !== null) for (const channel of this.channels) await channel(manager, notice, alsoTo);
    return notice;
  }

  /** Writes a notice of which no channel is told. */
  async write(manager: EntityManager, fields: NewNotice): Promise<NoticeEntity | null> {
    const id = uuidv7();
    const title = oneLine(fields.title);
    const { raw } = await manager
      .createQueryBuilder()
      .insert()
      .into(NoticeEntity)
      .values({ data: {}, ...fields, id, title })
      .orIgnore()
      .returning('id')
      .execute();
    if ((raw as unknown[]).length === 0) return null;
    return manager.findOneByOrFail(NoticeEntity, { id });
  }
}

/** Names of files and customers may hold anything; a title becomes the subject of a mail. */
const oneLine = (text: string): string => {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > LONGEST_TITLE ? `${line.slice(0, LONGEST_TITLE - 1)}…` : line;
};
