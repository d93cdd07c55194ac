import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TASK_KINDS } from '@app/messaging';
import { TaskRunner } from '@app/tasks';

/** Where the messages of all task kinds arrive. */
@Controller()
export class TaskController {
  constructor(private readonly runner: TaskRunner) {}

  /** The pattern is the task's kind, but what to do is read from the task itself. */
  @EventPattern<string[]>([...TASK_KINDS])
  async taskIsDue(@Payload() message: { taskId: string }): Promise<void> {
    await this.runner.run(message.taskId);
  }
}
