import type { DuplicatePolicy, Mapping } from '@app/frames';
import type { DatasetKind } from '@app/shopping';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Decisions } from './column-mapping.js';
import type { Derivation } from './derived/derived-columns.js';

export const DATASET_KINDS = ['transactions', 'shoppers', 'generic'] as const satisfies DatasetKind[];

/** A named table that grows by uploads. What its readers see is the visible set it points at. */
@Entity('datasets')
export class DatasetEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  customerId: string;

  @Column('uuid', { nullable: true })
  storeId: string | null;

  @Column('text')
  name: string;

  @Column('text', { default: '' })
  description: string;

  /** Null until it is given or the first ingest decides it. */
  @Column('text', { nullable: true })
  kind: DatasetKind | null;

  /** The mapping in force: what the data showed, overridden by the decisions. */
  @Column('jsonb')
  mapping: Mapping;

  @Column('jsonb')
  decisions: Decisions;

  /** Columns that are computed by each question and never stored. */
  @Column('jsonb', { default: [] })
  derivations: Derivation[];

  /** What becomes of rows that equal an earlier row of their file, in files that are read from now on. */
  @Column('text', { default: 'keep' })
  duplicates: DuplicatePolicy;

  /** A file of which a larger share is rejected, 0…1, is not loaded; null allows any. */
  @Column('double precision', { nullable: true })
  maxRejectedShare: number | null;

  /** Null while no upload is ready. */
  @Column('uuid', { nullable: true })
  visibleSetId: string | null;

  /** The ordinal of the upload accepted last; grows under a row lock. */
  @Column('integer', { default: 0 })
  lastOrdinal: number;

  @Column('uuid', { nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
