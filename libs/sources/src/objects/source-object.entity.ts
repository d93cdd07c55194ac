import { bigintNumber } from '@app/database';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An object as it was when a run dealt with it. It is dealt with again once it is another. */
@Entity('source_objects')
export class SourceObjectEntity {
  @PrimaryColumn('uuid')
  sourceId: string;

  @PrimaryColumn('text')
  key: string;

  @Column('text')
  etag: string;

  @Column('bigint', { transformer: bigintNumber })
  sizeBytes: number;

  @Column('uuid')
  runId: string;
}
