import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@app/audit';
import { MessagingModule } from '@app/messaging';
import { DeadLetterEntity } from './dead-letters/dead-letter.entity.js';
import { DeadLetters } from './dead-letters/dead-letters.js';
import { TaskFailureEntity } from './dead-letters/task-failure.entity.js';
import { TaskEntity } from './task.entity.js';
import { TaskAnnouncer } from './task-announcer.js';
import { TaskClaims } from './task-claims.js';
import { TaskEndings } from './task-endings.js';
import { TaskHandlers } from './task-handlers.js';
import { TaskRunner } from './task-runner.js';
import { TaskService } from './task-service.js';
import { TaskSweeper } from './task-sweeper.js';

/** Ordering and watching tasks, for both apps; handlers register in {@link TaskHandlers}. */
@Module({
  imports: [
    TypeOrmModule.forFeature([TaskEntity, TaskFailureEntity, DeadLetterEntity]),
    AuditModule,
    MessagingModule,
  ],
  providers: [TaskAnnouncer, TaskEndings, TaskHandlers, TaskService, DeadLetters],
  exports: [MessagingModule, TaskAnnouncer, TaskEndings, TaskHandlers, TaskService, DeadLetters],
})
export class TasksModule {}

/** Doing tasks: for workers. */
@Module({
  imports: [TasksModule],
  providers: [TaskClaims, TaskRunner, TaskSweeper],
  exports: [TasksModule, TaskRunner],
})
export class TaskWorkerModule {}
