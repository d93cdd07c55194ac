import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { TaskError } from '../task.entity.js';

/** An attempt that did not succeed; those that were given back in order do not count. */
@Entity('task_failures')
export class TaskFailureEntity {
  @PrimaryColumn('uuid')
  taskId: string;

  @PrimaryColumn('int')
  fence: number;

  /** `crashed`: its worker fell silent. */
  @Column('text')
  outcome: 'failed' | 'crashed';

  /** What users were shown. */
  @Column({ type: 'jsonb', nullable: true })
  error: TaskError | null;

  /** What the program said, for operators alone. */
  @Column({ type: 'text', nullable: true })
  cause: string | null;

  @CreateDateColumn({ type: 'timestamptz' })
  at: Date;
}
