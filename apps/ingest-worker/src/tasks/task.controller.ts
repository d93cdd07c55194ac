import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, RmqContext } from '@nestjs/microservices';
import { TASK_KINDS, type TaskKind } from '@app/messaging';
import { TaskRunner } from '@app/tasks';
import type { Observable } from 'rxjs';

/** Where the messages of all task kinds arrive. */
@Controller()
export class TaskController {
  constructor(private readonly runner: TaskRunner) {}

  /** The pattern is the task's kind. A message stands for one task that is due, but which one is a matter of turns. */
  @EventPattern<string[]>([...TASK_KINDS])
  taskIsDue(@Ctx() context: RmqContext): Observable<void> {
    return this.runner.run(context.getPattern() as TaskKind);
  }
}
