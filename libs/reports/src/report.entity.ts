import type { WrittenTable } from '@app/frames';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ReportInput } from './request/report-input.js';
import type { ReportParams } from './request/report-params.js';
import type { ReportOutcome } from './segmentation/outcome.js';

export const REPORT_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type ReportStatus = (typeof REPORT_STATUSES)[number];

/** Where the report's members stand: one table of frames under the report's id. */
export interface ReportMembers extends WrittenTable {
  revision: number;
}

/** The segment of an earlier report that is nearest to one of this report. */
export interface Continuation {
  reportId: string;
  index: number;
  label: string;
  /** By which people were shown it. */
  name: string;
  similarity: number;
}

/** The report of one store: found by its fingerprint, or the reason why there is none. */
export type ChildReport =
  { storeId: string; fingerprint: string } | { storeId: string; error: { code: string; message: string } };

/** One clustering of shoppers. `fingerprint` names data, parameters and algorithm: equal ones are asked for once. */
@Entity('reports')
export class ReportEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  customerId: string;

  @Column('uuid', { nullable: true })
  storeId: string | null;

  @Column('text')
  fingerprint: string;

  @Column('text', { default: 'queued' })
  status: ReportStatus;

  @Column('jsonb')
  params: ReportParams;

  @Column('jsonb')
  input: ReportInput;

  @Column('jsonb', { nullable: true })
  outcome: ReportOutcome | null;

  @Column('jsonb', { nullable: true })
  members: ReportMembers | null;

  /** One entry a segment. */
  @Column('jsonb', { nullable: true })
  continues: (Continuation | null)[] | null;

  /** Reports of single stores that were asked for together with this one. */
  @Column('jsonb', { nullable: true })
  children: ChildReport[] | null;

  @Column('jsonb', { nullable: true })
  error: { code: string; message: string } | null;

  @Column('uuid')
  taskId: string;

  @Column('uuid', { nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  finishedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
