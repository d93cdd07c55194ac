import type { ReportRequest } from '@app/reports';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export const RUN_OUTCOMES = ['delivered', 'unchanged', 'failed'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** A report of a customer that is made again by itself; when, stands in the schedule of the same id. */
@Entity('report_schedules')
export class ReportScheduleEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  customerId: string;

  @Column('text')
  name: string;

  /** What is asked for each time. */
  @Column('jsonb')
  request: ReportRequest;

  /** Whether it is also made when files of the customer were read. */
  @Column('boolean')
  onNewData: boolean;

  @Column('boolean', { default: true })
  enabled: boolean;

  @Column('uuid', { nullable: true })
  pendingReportId: string | null;

  @Column('uuid', { nullable: true })
  lastReportId: string | null;

  @Column('text', { nullable: true })
  lastOutcome: RunOutcome | null;

  @Column('jsonb', { nullable: true })
  lastError: { code: string; message: string } | null;

  @Column('timestamptz', { nullable: true })
  lastRunAt: Date | null;

  @Column('uuid', { nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
