import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditChain } from './audit-chain.js';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { AuditLog } from './audit-log.js';
import { AuditReader } from './audit-reader.js';
import { AuditSealer } from './audit-sealer.js';

@Module({
  imports: [TypeOrmModule.forFeature([AuditEntryEntity])],
  providers: [AuditLog, AuditReader, AuditChain],
  exports: [AuditLog, AuditReader, AuditChain],
})
export class AuditModule {}

/** Seals what is written: for apps, not for commands that end at once. */
@Module({ providers: [AuditSealer], exports: [AuditSealer] })
export class AuditSealingModule {}
