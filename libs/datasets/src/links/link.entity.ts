import type { LinkCounts } from '@app/frames';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was found when the rows of both sides were last compared. */
export interface LinkCheck {
  /** Names of the data that was compared; see `dataVersion`. */
  fromVersion: string;
  toVersion: string;
  counts: LinkCounts;
  /** ISO 8601. */
  at: string;
}

/** The unique index that lets the same columns be linked only once. */
export const ONE_LINK = 'links_columns';

/** Rows of one dataset point at rows of another, or of itself, by equal values of two columns. */
@Entity('links')
export class LinkEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  customerId: string;

  /** How nested rows are called; the link's id where it has none. */
  @Column('text', { nullable: true })
  name: string | null;

  @Column('uuid')
  fromDatasetId: string;

  @Column('text')
  fromColumn: string;

  @Column('uuid')
  toDatasetId: string;

  @Column('text')
  toColumn: string;

  /** The bundle that brought it. */
  @Column('uuid', { nullable: true })
  bundleId: string | null;

  @Column('jsonb', { nullable: true })
  lastCheck: LinkCheck | null;

  @Column('uuid', { nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt: Date | null;
}
