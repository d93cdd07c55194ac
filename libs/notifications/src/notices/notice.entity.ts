import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { NoticeType, TEST_TYPE } from './notice-types.js';

/** Something that happened at a customer, in words and as data. Never changes. */
@Entity('notices')
export class NoticeEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  customerId: string;

  @Column('text')
  type: NoticeType | typeof TEST_TYPE;

  /** Names what happened: the same is said once, however often the work is repeated. */
  @Column('text')
  key: string;

  /** One line. */
  @Column('text')
  title: string;

  @Column('text')
  text: string;

  @Column('uuid', { nullable: true })
  datasetId: string | null;

  @Column('uuid', { nullable: true })
  uploadId: string | null;

  @Column('uuid', { nullable: true })
  reportId: string | null;

  @Column('uuid', { nullable: true })
  taskId: string | null;

  /** Figures for programs, and for the tables of a mail. */
  @Column('jsonb')
  data: object;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
