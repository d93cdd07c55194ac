import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type ScheduleHandler, ScheduleHandlers } from '@app/schedules';
import { type TaskEnding, TaskEndings, type TaskEntity, TaskService } from '@app/tasks';
import type { EntityManager } from 'typeorm';
import { SCHEDULE_KIND } from './report-schedule.service.js';
import { type JobStep, SCHEDULED_REPORT_JOB } from './scheduled-report.job.js';

/** The occasions on which scheduled reports are made: the clock, and new data. Each orders a task and does nothing itself. */
@Injectable()
export class ScheduledRuns implements ScheduleHandler, OnModuleInit {
  readonly kind = SCHEDULE_KIND;

  constructor(
    private readonly handlers: ScheduleHandlers,
    private readonly endings: TaskEndings,
    private readonly tasks: TaskService,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
    this.endings.listen((manager, task, ending) => this.taskEnded(manager, task, ending));
  }

  async due(manager: EntityManager, subjectId: string): Promise<void> {
    const rows = await manager.query<{ id: string; customerId: string }[]>(
      `SELECT r.id, r.customer_id AS "customerId" FROM report_schedules r
         JOIN customers c ON c.id = r.customer_id AND c.deleted_at IS NULL
        WHERE r.id = $1 AND r.enabled AND r.deleted_at IS NULL`,
      [subjectId],
    );
    for (const row of rows) await this.order(manager, row, 'request');
  }

  committed(): void {
    this.tasks.announce();
  }

  private async taskEnded(manager: EntityManager, task: TaskEntity, ending: TaskEnding): Promise<void> {
    if (task.kind === 'segmentation') await this.reportEnded(manager, task, ending);
    if (task.kind === 'ingest' && ending.status === 'succeeded') await this.dataCame(manager, task);
  }

  private async reportEnded(manager: EntityManager, task: TaskEntity, ending: TaskEnding): Promise<void> {
    if (ending.status === 'failed') {
      const { code, message } = ending.error;
      await manager.query(
        `UPDATE report_schedules SET pending_report_id = NULL, last_outcome = 'failed', last_error = $2, last_run_at = now()
          WHERE pending_report_id = $1`,
        [task.reportId, JSON.stringify({ code, message })],
      );
      return;
    }
    const waiting = await manager.query<{ id: string; customerId: string }[]>(
      `SELECT id, customer_id AS "customerId" FROM report_schedules
        WHERE pending_report_id = $1 AND deleted_at IS NULL`,
      [task.reportId],
    );
    for (const row of waiting) await this.order(manager, row, 'deliver');
  }

  /** Several files in a row are one occasion, as long as the task for the first has not begun. */
  private async dataCame(manager: EntityManager, { customerId }: TaskEntity): Promise<void> {
    const concerned = await manager.query<{ id: string; customerId: string }[]>(
      `SELECT r.id, r.customer_id AS "customerId" FROM report_schedules r
        WHERE r.customer_id = $1 AND r.on_new_data AND r.enabled AND r.deleted_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.customer_id = $1 AND t.kind = 'delivery' AND t.status = 'queued'
            AND t.payload ->> 'reportScheduleId' = r.id::text AND t.payload ->> 'step' = 'request')`,
      [customerId],
    );
    for (const row of concerned) await this.order(manager, row, 'request');
  }

  private async order(
    manager: EntityManager,
    { id, customerId }: { id: string; customerId: string },
    step: JobStep,
  ): Promise<void> {
    const payload = { job: SCHEDULED_REPORT_JOB, reportScheduleId: id, step };
    await this.tasks.enqueue(manager, { kind: 'delivery', customerId, payload });
  }
}
