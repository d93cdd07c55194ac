import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from './role.js';

/** Lets a program act with one role in one customer. */
@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  customerId: string;

  @Column('uuid')
  createdBy: string;

  @Column('text')
  name: string;

  @Column('text')
  role: Role;

  /** SHA-256 in hex. */
  @Column('text')
  keyHash: string;

  /** How the key begins, so that people can tell keys apart. */
  @Column('text')
  prefix: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  /** To the minute. */
  @Column('timestamptz', { nullable: true })
  lastUsedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;
}
