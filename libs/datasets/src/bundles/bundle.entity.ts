import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Files that were sent together. One task reads them, and publishes all of them or none. */
@Entity('bundles')
export class BundleEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  customerId: string;

  @Column('text')
  name: string;

  @Column('uuid')
  taskId: string;

  @Column('uuid', { nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;
}
