import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When work on one subject begins again. */
@Entity('schedules')
export class ScheduleEntity {
  /** Which handler begins it. */
  @PrimaryColumn('text')
  kind: string;

  @PrimaryColumn('uuid')
  subjectId: string;

  /** As {@link parseTiming} reads it. */
  @Column('text')
  timing: string;

  /** IANA name. */
  @Column('text', { default: 'UTC' })
  timezone: string;

  /** Null while it is paused, or where no time is left. */
  @Column('timestamptz', { nullable: true })
  nextAt: Date | null;

  /** The last start, whoever ordered it; the time of registering where there was none. Intervals count from it. */
  @Column('timestamptz')
  startedAt: Date;
}
