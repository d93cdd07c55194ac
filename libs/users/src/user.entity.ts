import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** Somebody who logs in. Never deleted, only deactivated: audit and uploads go on naming them. */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('uuid')
  id: string;

  /** Lower-cased. */
  @Column('text')
  email: string;

  @Column('text')
  name: string;

  /** argon2id, in the PHC string format that names its own parameters. */
  @Column('text')
  passwordHash: string;

  @Column('boolean')
  isAdmin: boolean;

  @Column('boolean')
  isActive: boolean;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt: Date;
}
