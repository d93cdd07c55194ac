import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { notFound } from '@app/problems';
import type { EntityManager } from 'typeorm';
import type { NoticeType } from './notices/notice-types.js';

/** A notice as one user finds it. */
export interface Notification {
  id: string;
  noticeId: string;
  type: NoticeType;
  title: string;
  text: string;
  customerId: string;
  datasetId: string | null;
  uploadId: string | null;
  reportId: string | null;
  taskId: string | null;
  data: object;
  createdAt: Date;
  readAt: Date | null;
}

/** Whose notifications, and of which customers: those the user may still see. */
export interface NotificationScope {
  userId: string;
  customerIds: string[];
}

export interface NotificationQuery extends NotificationScope {
  unread: boolean | undefined;
  type: NoticeType | undefined;
  /** An escaped LIKE pattern, looked for in title and text. */
  pattern: string | undefined;
  direction: 'ASC' | 'DESC';
  offset: number;
  limit: number;
}

const COLUMNS = `f.id, n.id AS "noticeId", n.type, n.title, n.text, n.customer_id AS "customerId", n.dataset_id AS "datasetId",
  n.upload_id AS "uploadId", n.report_id AS "reportId", n.task_id AS "taskId", n.data, f.created_at AS "createdAt",
  f.read_at AS "readAt"`;
const OF_USER = `notifications f JOIN notices n ON n.id = f.notice_id
  WHERE f.user_id = $1 AND f.customer_id = ANY($2)`;

/** What a user was told: looking at it, and having read it. */
@Injectable()
export class NotificationService {
  constructor(@InjectEntityManager() private readonly manager: EntityManager) {}

  async list(query: NotificationQuery): Promise<{ notifications: Notification[]; count: number }> {
    const filter = `${OF_USER} AND ($3::boolean IS NULL OR (f.read_at IS NULL) = $3)
      AND ($4::text IS NULL OR n.type = $4) AND ($5::text IS NULL OR n.title ILIKE $5 OR n.text ILIKE $5)`;
    const values = [
      query.userId,
      query.customerIds,
      query.unread ?? null,
      query.type ?? null,
      query.pattern ?? null,
    ];
    const [counted] = await this.manager.query<{ count: number }[]>(
      `SELECT count(*)::integer AS count FROM ${filter}`,
      values,
    );
    const notifications = await this.manager.query<Notification[]>(
      `SELECT ${COLUMNS} FROM ${filter}
        ORDER BY f.created_at ${query.direction}, f.id ${query.direction} LIMIT $6 OFFSET $7`,
      [...values, query.limit, query.offset],
    );
    return { notifications, count: counted?.count ?? 0 };
  }

  async unreadCount({ userId, customerIds }: NotificationScope): Promise<number> {
    const [counted] = await this.manager.query<{ count: number }[]>(
      `SELECT count(*)::integer AS count FROM ${OF_USER} AND f.read_at IS NULL`,
      [userId, customerIds],
    );
    return counted?.count ?? 0;
  }

  /** Those of the ids that are in scope, in no order. */
  async byIds({ userId, customerIds }: NotificationScope, ids: readonly string[]): Promise<Notification[]> {
    if (ids.length === 0) return [];
    return this.manager.query<Notification[]>(`SELECT ${COLUMNS} FROM ${OF_USER} AND f.id = ANY($3)`, [
      userId,
      customerIds,
      ids,
    ]);
  }

  /** Once read it stays so. @throws Problem not_found, also for somebody else's */
  async read(scope: NotificationScope, id: string): Promise<Notification> {
    await this.manager.query(
      `UPDATE notifications SET read_at = now()
        WHERE id = $3 AND user_id = $1 AND customer_id = ANY($2) AND read_at IS NULL`,
      [scope.userId, scope.customerIds, id],
    );
    const [notification] = await this.byIds(scope, [id]);
    if (notification === undefined) throw notFound('notification');
    return notification;
  }

  /** @returns how many were unread */
  async readAll({ userId, customerIds }: NotificationScope): Promise<number> {
    const [, count] = await this.manager.query<[unknown, number]>(
      `UPDATE notifications SET read_at = now()
        WHERE user_id = $1 AND customer_id = ANY($2) AND read_at IS NULL`,
      [userId, customerIds],
    );
    return count;
  }
}
