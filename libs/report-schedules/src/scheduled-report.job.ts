import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import {
  DeliveryHandler,
  type DeliveryJob,
  type Migration,
  NoticeBoard,
  segmentNews,
} from '@app/notifications';
import { Problem } from '@app/problems';
import { ReportComparison, type ReportEntity, ReportService } from '@app/reports';
import { type TaskContext, TaskService } from '@app/tasks';
import { type EntityManager, IsNull } from 'typeorm';
import { ReportScheduleEntity } from './report-schedule.entity.js';

export const SCHEDULED_REPORT_JOB = 'scheduled-report';

/** First the report is asked for; once it is there, it is told of. */
export type JobStep = 'request' | 'deliver';

interface JobPayload {
  reportScheduleId: string;
  step: JobStep;
}

const whole = new Intl.NumberFormat('en-US');

/** Makes a report again, and tells the customer of it where it says anything new. */
@Injectable()
export class ScheduledReportJob implements DeliveryJob, OnModuleInit {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly handler: DeliveryHandler,
    private readonly reports: ReportService,
    private readonly comparison: ReportComparison,
    private readonly board: NoticeBoard,
    private readonly tasks: TaskService,
  ) {}

  onModuleInit(): void {
    this.handler.addJob(SCHEDULED_REPORT_JOB, this);
  }

  async run(context: TaskContext): Promise<void> {
    const { reportScheduleId: id, step } = context.task.payload as JobPayload;
    const schedule = await this.manager.findOneBy(ReportScheduleEntity, { id, deletedAt: IsNull() });
    if (schedule === null || !schedule.enabled) {
      await context.publish(() => Promise.resolve({ outcome: 'disabled' }));
    } else if (step === 'request') await this.request(context, schedule);
    else await this.deliver(context, schedule);
  }

  /** Data that was reported on before has its report already, and nothing happens. */
  private async request(context: TaskContext, schedule: ReportScheduleEntity): Promise<void> {
    const { id, customerId, request, lastReportId } = schedule;
    let reportId: string;
    try {
      // By nobody: that it is ready is told by the schedule alone, and only where it is news.
      ({
        report: { id: reportId },
      } = await this.reports.request(customerId, request, {}));
    } catch (error) {
      if (!(error instanceof Problem) || !isOfTheData(error)) throw error;
      const lastError = { code: error.code, message: error.detail };
      await context.publish(async (manager) => {
        await this.note(manager, id, { lastOutcome: 'failed', lastError });
        return { outcome: 'failed' };
      });
      return;
    }
    await context.publish(async (manager) => {
      if (reportId === lastReportId) {
        await this.note(manager, id, { lastOutcome: 'unchanged', lastError: null });
        return { outcome: 'unchanged', reportId };
      }
      await this.note(manager, id, { pendingReportId: reportId });
      // Locked: either its task ends after this and finds the schedule waiting, or it has ended and is seen here.
      const [report] = await manager.query<Pick<ReportEntity, 'status' | 'error'>[]>(
        'SELECT status, error FROM reports WHERE id = $1 FOR SHARE',
        [reportId],
      );
      if (report?.status === 'succeeded') {
        const payload = { job: SCHEDULED_REPORT_JOB, reportScheduleId: id, step: 'deliver' };
        await this.tasks.enqueue(manager, { kind: 'delivery', customerId, payload });
      }
      if (report?.status === 'failed') {
        await this.note(manager, id, {
          pendingReportId: null,
          lastOutcome: 'failed',
          lastError: report.error,
        });
      }
      return { outcome: 'requested', reportId };
    });
  }

  private async deliver(context: TaskContext, schedule: ReportScheduleEntity): Promise<void> {
    const { id, pendingReportId, lastReportId } = schedule;
    if (pendingReportId === null) {
      await context.publish(() => Promise.resolve({ outcome: 'delivered before' }));
      return;
    }
    const report = await this.reports.get(pendingReportId);
    const migration = await this.migrationSince(lastReportId, report);
    const isNews = migration === null || migration.moved + migration.new + migration.gone > 0;
    await context.publish(async (manager) => {
      const lastOutcome = isNews ? 'delivered' : 'unchanged';
      await this.note(manager, id, {
        pendingReportId: null,
        lastReportId: report.id,
        lastOutcome,
        lastError: null,
      });
      if (isNews) await this.tell(manager, schedule, report, migration);
      return { outcome: lastOutcome, reportId: report.id };
    });
  }

  /** Null where there is no report before, or it cannot be compared any more: then all of it is news. */
  private async migrationSince(lastReportId: string | null, report: ReportEntity): Promise<Migration | null> {
    if (lastReportId === null) return null;
    try {
      const earlier = await this.reports.get(lastReportId);
      const { totals } = await this.comparison.compare(earlier, report, {
        change: 'moved',
        page: 1,
        pageSize: 1,
      });
      return { ...totals, since: lastReportId };
    } catch (error) {
      if (error instanceof Problem && (error.code === 'not_found' || error.code === 'conflict')) return null;
      throw error;
    }
  }

  private async tell(
    manager: EntityManager,
    { id, name, customerId, createdBy }: ReportScheduleEntity,
    report: ReportEntity,
    migration: Migration | null,
  ): Promise<void> {
    const segments = segmentNews(report);
    const shoppers = whole.format(report.outcome?.data.shoppers ?? 0);
    const what = name === '' ? 'Your scheduled report' : name;
    const change =
      migration === null
        ? 'It is the first one.'
        : `${whole.format(migration.moved)} shoppers moved to another segment, ${whole.format(migration.new)} are new.`;
    await this.board.publish(
      manager,
      {
        customerId,
        type: 'report.scheduled',
        key: `report.scheduled:${id}:${report.id}`,
        title: `${what}: ${segments.length} segments of ${shoppers} shoppers`,
        text: change,
        reportId: report.id,
        taskId: report.taskId,
        data: { reportScheduleId: id, storeId: report.storeId, segments, migration },
      },
      createdBy,
    );
  }

  private async note(
    manager: EntityManager,
    id: string,
    changes: Partial<
      Pick<ReportScheduleEntity, 'pendingReportId' | 'lastReportId' | 'lastOutcome' | 'lastError'>
    >,
  ): Promise<void> {
    await manager.update(ReportScheduleEntity, { id }, { ...changes, lastRunAt: () => 'now()' });
  }
}

/** The next time there may be more data, or the store again: nothing that trying again now would mend. */
const isOfTheData = ({ code }: Problem): boolean =>
  code === 'unprocessable' || code === 'not_found' || code === 'invalid_parameter';
