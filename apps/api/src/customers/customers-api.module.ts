import { Module } from '@nestjs/common';
import { CustomersModule } from '@app/customers';
import { TasksModule } from '@app/tasks';
import { CustomerRemoval } from './customer-removal.js';
import { CustomersController } from './customers.controller.js';
import { MembersController } from './members.controller.js';

@Module({
  imports: [CustomersModule, TasksModule],
  controllers: [CustomersController, MembersController],
  providers: [CustomerRemoval],
})
export class CustomersApiModule {}
