import { Module } from '@nestjs/common';
import { CustomersModule } from '@app/customers';
import { CustomersController } from './customers.controller.js';
import { MembersController } from './members.controller.js';

@Module({ imports: [CustomersModule], controllers: [CustomersController, MembersController] })
export class CustomersApiModule {}
