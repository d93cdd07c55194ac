import { Column, Entity, PrimaryColumn } from 'typeorm';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export interface DeliveryAttempt {
  /** ISO 8601. */
  at: string;
  delivered: boolean;
  /** What the receiver answered; null where it did not. */
  status: number | null;
  /** Why not, in plain English. Nothing of the answer's body stands in it. */
  error: string | null;
  milliseconds: number;
}

/** A notice on its way to one address. Its id stays the same in every attempt. */
@Entity('deliveries')
export class DeliveryEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  customerId: string;

  @Column('uuid')
  noticeId: string;

  @Column('text')
  channel: 'email' | 'webhook';

  @Column('uuid', { nullable: true })
  userId: string | null;

  @Column('uuid', { nullable: true })
  webhookId: string | null;

  @Column('uuid')
  taskId: string;

  @Column('text', { default: 'pending' })
  status: DeliveryStatus;

  @Column('jsonb', { default: [] })
  attempts: DeliveryAttempt[];

  @Column('timestamptz', { nullable: true })
  nextAttemptAt: Date | null;

  @Column('timestamptz', { nullable: true })
  deliveredAt: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
