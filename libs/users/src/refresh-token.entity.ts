import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** Good for one use. Spent ones are kept while their session lasts, so that a second use is noticed. */
@Entity('refresh_tokens')
export class RefreshTokenEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  sessionId: string;

  /** SHA-256 in hex: the token itself is random enough not to need a slow hash. */
  @Column('text')
  tokenHash: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  usedAt: Date | null;
}
