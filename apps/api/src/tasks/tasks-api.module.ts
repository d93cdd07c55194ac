import { Module } from '@nestjs/common';
import { AuditModule } from '@app/audit';
import { TasksModule } from '@app/tasks';
import { TasksController } from './tasks.controller.js';

@Module({ imports: [AuditModule, TasksModule], controllers: [TasksController] })
export class TasksApiModule {}
