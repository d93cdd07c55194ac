import { Module } from '@nestjs/common';
import { TasksModule } from '@app/tasks';
import { TaskEvents } from './task-events.js';
import { TasksController } from './tasks.controller.js';

@Module({ imports: [TasksModule], controllers: [TasksController], providers: [TaskEvents] })
export class TasksApiModule {}
