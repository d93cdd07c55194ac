import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Readiness } from '@app/health';
import { SystemState, type TaskCount } from '@app/inspection';
import { TASK_STATUSES, type TaskStatus } from '@app/tasks';
import { Access } from '../../access/index.js';
import { type OverviewResponse, overviewSchema } from './overview.response.js';

@ApiTags('Administration')
@Controller('admin/overview')
@Access({ administrator: true })
export class OverviewController {
  constructor(
    private readonly state: SystemState,
    private readonly readiness: Readiness,
  ) {}

  /** Queues, workers, tasks by state and age, and what is stored. */
  @Get()
  @ApiOkResponse({ standardSchema: overviewSchema })
  async overview(): Promise<OverviewResponse> {
    const [{ status, dependencies }, queues, workers, counts, outbox, deadLetters, storage] =
      await Promise.all([
        this.readiness.report(),
        this.state.queues(),
        this.state.workers(),
        this.state.tasks(),
        this.state.outbox(),
        this.state.deadLetters(),
        this.state.storage(),
      ]);
    return {
      status,
      dependencies,
      queues,
      workers: workers.map(({ startedAt, seenAt, ...worker }) => ({
        ...worker,
        startedAt: startedAt.toISOString(),
        seenAt: seenAt.toISOString(),
      })),
      tasks: byStatus(counts),
      taskAges: counts,
      outbox,
      deadLetters: [...deadLetters.values()].reduce((sum, count) => sum + count, 0),
      storage,
    };
  }
}

function byStatus(counts: readonly TaskCount[]): Record<TaskStatus, number> {
  const total = (wanted: TaskStatus): number =>
    counts.filter(({ status }) => status === wanted).reduce((sum, { count }) => sum + count, 0);
  return Object.fromEntries(TASK_STATUSES.map((status) => [status, total(status)])) as Record<
    TaskStatus,
    number
  >;
}
