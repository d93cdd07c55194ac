import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@app/audit';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyService } from './api-key.service.js';
import { CustomerEntity } from './customer.entity.js';
import { CustomerService } from './customer.service.js';
import { MemberEntity } from './member.entity.js';
import { MemberService } from './member.service.js';
import { MembershipService } from './membership.service.js';

const SERVICES = [ApiKeyService, CustomerService, MemberService, MembershipService];

@Module({
  imports: [TypeOrmModule.forFeature([ApiKeyEntity, CustomerEntity, MemberEntity]), AuditModule],
  providers: SERVICES,
  exports: SERVICES,
})
export class CustomersModule {}
