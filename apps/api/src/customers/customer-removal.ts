import { Injectable } from '@nestjs/common';
import type { Actor } from '@app/audit';
import { CustomerService } from '@app/customers';
import { Problem } from '@app/problems';
import { TaskService } from '@app/tasks';

const TASKS_AT_ONCE = 100;

/** Deletes a customer and stops what is still being worked on for it. */
@Injectable()
export class CustomerRemoval {
  constructor(
    private readonly customers: CustomerService,
    private readonly tasks: TaskService,
  ) {}

  /** @throws Problem not_found */
  async remove(customerId: string, actor: Actor): Promise<void> {
    await this.customers.delete(customerId, actor);
    // From here on nothing new can be ordered for it.
    for (const status of ['queued', 'running'] as const) {
      for (let open = await this.open(customerId, status); open.length > 0;) {
        for (const { id } of open) await this.cancel(id);
        open = await this.open(customerId, status);
      }
    }
  }

  private async open(customerId: string, status: 'queued' | 'running'): Promise<{ id: string }[]> {
    const { tasks } = await this.tasks.list(
      { customerIds: [customerId], status },
      { orderBy: 'createdAt', direction: 'ASC', skip: 0, take: TASKS_AT_ONCE },
    );
    return tasks;
  }

  private async cancel(taskId: string): Promise<void> {
    try {
      await this.tasks.cancel(taskId);
    } catch (error) {
      // It ended by itself in the meantime.
      if (!(error instanceof Problem && error.code === 'conflict')) throw error;
    }
  }
}
