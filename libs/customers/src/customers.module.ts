import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CustomerEntity } from './customer.entity.js';
import { MemberEntity } from './member.entity.js';
import { MembershipService } from './membership.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([CustomerEntity, MemberEntity])],
  providers: [MembershipService],
  exports: [MembershipService],
})
export class CustomersModule {}
