import type { TaskStatus } from '@app/tasks';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export const RUN_TRIGGERS = ['schedule', 'request'] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

/** The unique index that lets a source have one open run. */
export const OPEN_RUN = 'source_runs_open';

export interface RunCounts {
  /** Objects that the source's pattern matches. */
  found: number;
  taken: number;
  /** As they were when an earlier run dealt with them. */
  unchanged: number;
  skipped: number;
  /** There at the run before, now gone. */
  removed: number;
  /** Images among and in what was taken. */
  images: number;
}

/** Where a run wrote the dataset to. */
export interface RunOutput {
  bucket: string | null;
  key: string;
  rowCount: number;
}

/** One look at a source. Its task does the work. */
@Entity('source_runs')
export class SourceRunEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  sourceId: string;

  @Column('uuid')
  taskId: string;

  @Column('text')
  trigger: RunTrigger;

  @Column('text', { default: 'queued' })
  status: TaskStatus;

  /** What it made of the objects it took. */
  @Column('uuid', { array: true, default: '{}' })
  uploadIds: string[];

  @Column('jsonb', { nullable: true })
  counts: RunCounts | null;

  @Column('jsonb', { nullable: true })
  output: RunOutput | null;

  @Column('jsonb', { nullable: true })
  error: { code: string; message: string } | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  finishedAt: Date | null;
}
