import { bigintNumber } from '@app/database';
import type { Column as DataColumn, VisibleUpload } from '@app/frames';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What readers of a dataset see. Never changed: a publish or undo makes a new one, so its id is a cache key. */
@Entity('visible_sets')
export class VisibleSetEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  datasetId: string;

  @Column('jsonb')
  uploads: VisibleUpload[];

  @Column('integer')
  uploadCount: number;

  @Column('jsonb')
  columns: DataColumn[];

  @Column('bigint', { transformer: bigintNumber })
  rowCount: number;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
