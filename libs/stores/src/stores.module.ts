import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@app/audit';
import { StoreEntity } from './store.entity.js';
import { StoreService } from './store.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([StoreEntity]), AuditModule],
  providers: [StoreService],
  exports: [StoreService],
})
export class StoresModule {}
