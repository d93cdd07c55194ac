import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** One login: the family of its refresh tokens, and what its access tokens point to. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  userId: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  /** Moves on with each refresh. */
  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;
}
