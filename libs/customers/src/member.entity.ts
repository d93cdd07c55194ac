import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from './role.js';

/** A user's role at a customer. */
@Entity('members')
export class MemberEntity {
  @PrimaryColumn('uuid')
  customerId: string;

  @PrimaryColumn('uuid')
  userId: string;

  @Column('text')
  role: Role;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
