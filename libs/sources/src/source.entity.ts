import type { UploadMode } from '@app/datasets';
import type { PlaceName } from '@app/storage';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export const SOURCE_KINDS = ['s3', 'folder'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** How files of one record each become one table. */
export interface BundleColumns {
  /** The column of the file's name without its extension. */
  idColumn: string;
  /** The column that tells whether an image of that name is there. */
  imageColumn: string;
  /** The column of where that image lies. */
  imagePathColumn: string;
}

/** A place that is pulled: what is new or changed there becomes uploads of a dataset. */
@Entity('sources')
export class SourceEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  customerId: string;

  @Column('uuid', { nullable: true })
  storeId: string | null;

  @Column('uuid')
  datasetId: string;

  @Column('text')
  name: string;

  @Column('text')
  kind: SourceKind;

  /** Null for a folder. */
  @Column('text', { nullable: true })
  bucket: string | null;

  @Column('text')
  prefix: string;

  /** As {@link matcherOf} reads it. */
  @Column('text')
  pattern: string;

  /** Null where it is pulled on demand alone. */
  @Column('text', { nullable: true })
  schedule: string | null;

  @Column('text', { default: 'UTC' })
  timezone: string;

  @Column('text')
  mode: UploadMode;

  @Column('text', { array: true, default: '{}' })
  keyColumns: string[];

  @Column('jsonb', { nullable: true })
  bundle: BundleColumns | null;

  /** Where the dataset is written to after each run. */
  @Column('jsonb', { nullable: true })
  publishTo: PlaceName | null;

  @Column('boolean', { default: false })
  paused: boolean;

  @Column('uuid', { nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
