import type { NoticeType } from '@app/notifications';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An address of a customer that is told of notices by POST. */
@Entity('webhooks')
export class WebhookEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  customerId: string;

  @Column('text')
  url: string;

  @Column('text')
  description: string;

  @Column('text', { array: true })
  events: NoticeType[];

  /** Signs, hence stored as it is; shown once. */
  @Column('text')
  secret: string;

  /** Signs too until {@link previousUntil}. */
  @Column('text', { nullable: true })
  previousSecret: string | null;

  @Column('timestamptz', { nullable: true })
  previousUntil: Date | null;

  @Column('boolean', { default: true })
  enabled: boolean;

  /** Why it was switched off without anybody's doing. */
  @Column('text', { nullable: true })
  disabledReason: string | null;

  @Column('uuid', { nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
