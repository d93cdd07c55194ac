import { bigintNumber } from '@app/database';
import type { Column as DataColumn, Dialect, Finding, FrameManifestEntry, RowChanges } from '@app/frames';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A file of findings, kept as a blob. */
export interface Artefact {
  sha256: string;
  sizeBytes: number;
}

export interface RevisionFindings {
  summary: Finding[];
  /** The single findings, for FindingLists. */
  anomalies: Artefact | null;
  /** CSV of the rejected records, as they stand in the file. */
  rejects: Artefact | null;
}

/** What one successful reading made of an upload's file. Never changed. */
@Entity('upload_revisions')
export class UploadRevisionEntity {
  @PrimaryColumn('uuid')
  uploadId: string;

  /** Fence number of the attempt; part of the frames' ids. */
  @PrimaryColumn('integer')
  revision: number;

  @Column('bigint', { transformer: bigintNumber })
  rowCount: number;

  @Column('bigint', { transformer: bigintNumber })
  rejectedCount: number;

  @Column('bigint', { transformer: bigintNumber })
  duplicateCount: number;

  @Column('bigint', { transformer: bigintNumber })
  anomalyCount: number;

  @Column('bigint', { transformer: bigintNumber })
  blankCount: number;

  @Column('jsonb')
  dialect: Dialect;

  @Column('jsonb')
  columns: DataColumn[];

  /** Role → column name, as they were used to read the file. */
  @Column('jsonb')
  roles: Record<string, string>;

  @Column('jsonb')
  manifest: FrameManifestEntry[];

  /** What it did to the rows that were visible before it, when it was published. */
  @Column('jsonb')
  changes: RowChanges;

  @Column('jsonb')
  findings: RevisionFindings;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
