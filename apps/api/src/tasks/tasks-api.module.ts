import { Module } from '@nestjs/common';
import { BroadcastListenerModule } from '@app/messaging';
import { TasksModule } from '@app/tasks';
import { TaskEvents } from './task-events.js';
import { TasksController } from './tasks.controller.js';

@Module({
  imports: [TasksModule, BroadcastListenerModule],
  controllers: [TasksController],
  providers: [TaskEvents],
})
export class TasksApiModule {}
