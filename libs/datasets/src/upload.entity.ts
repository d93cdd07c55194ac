import { bigintNumber } from '@app/database';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DateOrder, DecimalMark } from '@app/frames';
import type { GivenMapping } from './column-mapping.js';
import type { ColumnDrift } from './drift/column-drift.js';

export const UPLOAD_MODES = ['append', 'replace', 'upsert', 'mirror'] as const;
export type UploadMode = (typeof UPLOAD_MODES)[number];

/** Modes in which rows take each other's place by their key. */
export const hasKey = (mode: UploadMode): boolean => mode === 'upsert' || mode === 'mirror';

/** Modes that hide all rows of earlier uploads. */
export const hidesEarlier = (mode: UploadMode): boolean => mode === 'replace' || mode === 'mirror';

export const UPLOAD_STATUSES = ['queued', 'processing', 'ready', 'failed', 'cancelled'] as const;
export type UploadStatus = (typeof UPLOAD_STATUSES)[number];

/** The unique index that lets the same bytes be live only once in a customer. */
export const LIVE_BYTES = 'uploads_live_sha256';

/** What the caller said about how the file is to be read. */
export interface UploadOptions {
  mapping?: GivenMapping;
  encoding?: string;
  delimiter?: string;
  /** Whether the first record names the columns. */
  header?: boolean;
  decimal?: DecimalMark;
  dateOrder?: DateOrder;
}

/** One CSV file, immutable. `revision` names the reading of it that is published. */
@Entity('uploads')
export class UploadEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  customerId: string;

  @Column('uuid')
  datasetId: string;

  @Column('integer')
  ordinal: number;

  @Column('text')
  mode: UploadMode;

  @Column('text', { array: true, default: '{}' })
  keyColumns: string[];

  @Column('jsonb', { default: {} })
  options: UploadOptions;

  @Column('text')
  fileName: string;

  @Column('bigint', { transformer: bigintNumber })
  sizeBytes: number;

  @Column('text')
  sha256: string;

  @Column('text', { default: 'queued' })
  status: UploadStatus;

  @Column('integer', { nullable: true })
  revision: number | null;

  /** Whether its bytes count as present in the customer: the same bytes are then a duplicate. */
  @Column('boolean', { default: true })
  isLive: boolean;

  @Column('text', { nullable: true })
  encoding: string | null;

  @Column('text', { nullable: true })
  delimiter: string | null;

  @Column('jsonb', { nullable: true })
  error: { code: string; message: string } | null;

  /** How the file differs from the dataset it was sent to. */
  @Column('jsonb', { default: [] })
  drift: ColumnDrift[];

  /** The task that reads it, or that read it last. */
  @Column('uuid')
  taskId: string;

  /** The bundle it came with: until it was read once, it is read and published with all its files or not at all. */
  @Column('uuid', { nullable: true })
  bundleId: string | null;

  @Column('uuid', { nullable: true })
  uploadedBy: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  readyAt: Date | null;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
