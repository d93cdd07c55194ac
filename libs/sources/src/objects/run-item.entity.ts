import { bigintNumber } from '@app/database';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type ItemOutcome = 'taken' | 'skipped' | 'removed';

/** What a run did with one object. */
@Entity('source_run_items')
export class RunItemEntity {
  @PrimaryColumn('uuid')
  runId: string;

  @PrimaryColumn('text')
  key: string;

  @Column('text')
  outcome: ItemOutcome;

  @Column('text', { nullable: true })
  etag: string | null;

  @Column('bigint', { nullable: true, transformer: bigintNumber })
  sizeBytes: number | null;

  /** Why it was skipped: the code of a problem. */
  @Column('text', { nullable: true })
  reason: string | null;

  @Column('text', { nullable: true })
  message: string | null;

  @Column('integer', { default: 0 })
  images: number;

  @Column('uuid', { array: true, default: '{}' })
  uploadIds: string[];
}
