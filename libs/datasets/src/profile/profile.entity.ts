import { bigintNumber } from '@app/database';
import type { ColumnProfile } from '@app/frames';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What all values of a dataset looked like at one visible set. */
@Entity('profiles')
export class ProfileEntity {
  @PrimaryColumn('uuid')
  visibleSetId: string;

  @Column('uuid')
  datasetId: string;

  @Column('uuid')
  taskId: string;

  /** IANA zone in which naive times were understood. */
  @Column('text')
  timezone: string;

  @Column('bigint', { transformer: bigintNumber })
  rowCount: number;

  @Column('jsonb')
  columns: ColumnProfile[];

  /** Distinct values by column, in the order of `columns`; apart from them, as datasets show it too. */
  @Column('jsonb')
  distinctCounts: number[];

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
