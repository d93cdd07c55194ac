import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

export const DEAD_LETTER_REASONS = ['poison', 'attempts_used_up', 'not_a_message'] as const;

/**
 * Why something stopped: a task that killed its workers, a task that failed for internal reasons as often as it may,
 * a message that is none of ours.
 */
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** Work that stopped and waits for somebody: a parked task, or a message that no worker could read. */
@Entity('dead_letters')
export class DeadLetterEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  queue: string;

  @Column('text')
  reason: DeadLetterReason;

  /** Of a parked task; a message has its content instead. */
  @Column({ type: 'uuid', nullable: true })
  taskId: string | null;

  /** The message's bytes, at most {@link KEPT_CONTENT_BYTES} of them. */
  @Column({ type: 'bytea', nullable: true })
  content: Buffer | null;

  @Column({ type: 'int', nullable: true })
  sizeBytes: number | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  /** When it was sent on its way again, or what it was about went away. */
  @Column({ type: 'timestamptz', nullable: true })
  resolvedAt: Date | null;
}

/** A message of ours has 100 bytes. */
export const KEPT_CONTENT_BYTES = 64 * 1024;
