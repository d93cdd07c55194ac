import { Column, CreateDateColumn, DeleteDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { TaskKind } from '@app/messaging';

export const TASK_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export interface TaskProgress {
  done: number;
  total: number;
  unit: string;
  /** What is being done; null where the work has one part. */
  phase: string | null;
  /** Mean speed since this unit began, null until it is known. */
  ratePerSecond: number | null;
  etaSeconds: number | null;
}

export interface TaskError {
  code: string;
  message: string;
}

/** One piece of asynchronous work. This row is the truth about it; messages only wake workers up. */
@Entity('tasks')
export class TaskEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column({ type: 'text' })
  kind: TaskKind;

  @Column({ type: 'text', default: 'queued' })
  status: TaskStatus;

  @Column('uuid')
  customerId: string;

  @Column({ type: 'uuid', nullable: true })
  datasetId: string | null;

  @Column({ type: 'uuid', nullable: true })
  uploadId: string | null;

  @Column({ type: 'uuid', nullable: true })
  reportId: string | null;

  @Column({ type: 'jsonb', default: {} })
  payload: object;

  @Column({ type: 'jsonb', nullable: true })
  progress: TaskProgress | null;

  @Column({ type: 'jsonb', nullable: true })
  result: object | null;

  @Column({ type: 'jsonb', nullable: true })
  error: TaskError | null;

  @Column({ type: 'text', nullable: true })
  note: string | null;

  @Column({ type: 'int', default: 0 })
  priority: number;

  /** Starts so far, counted before the work begins, so that work which kills its process is counted too. */
  @Column({ type: 'int', default: 0 })
  attempts: number;

  @Column({ type: 'int' })
  maxAttempts: number;

  /** Starts whose worker fell silent. */
  @Column({ type: 'int', default: 0 })
  crashes: number;

  /** Grows by one with every claim: whoever holds an older number may no longer publish. */
  @Column({ type: 'int', default: 0 })
  fence: number;

  @Column({ type: 'text', nullable: true })
  leaseOwner: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  leaseUntil: Date | null;

  /** Not to be started before. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  runAt: Date;

  /** When a message about it was last put into the outbox. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  announcedAt: Date;

  /** When it was last started: customers take turns by it. */
  @Column({ type: 'timestamptz', nullable: true })
  claimedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  requestId: string | null;

  @Column({ type: 'uuid', nullable: true })
  createdBy: string | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  startedAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  finishedAt: Date | null;

  @DeleteDateColumn({ type: 'timestamptz' })
  deletedAt: Date | null;
}
