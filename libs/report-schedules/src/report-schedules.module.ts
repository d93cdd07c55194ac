import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@app/audit';
import { NotificationsModule } from '@app/notifications';
import { ReportsModule } from '@app/reports';
import { SchedulesModule } from '@app/schedules';
import { TasksModule } from '@app/tasks';
import { ReportScheduleEntity } from './report-schedule.entity.js';
import { ReportScheduleService } from './report-schedule.service.js';
import { ScheduledReportJob } from './scheduled-report.job.js';
import { ScheduledRuns } from './scheduled-runs.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([ReportScheduleEntity]),
    AuditModule,
    NotificationsModule,
    ReportsModule,
    SchedulesModule,
    TasksModule,
  ],
  providers: [ReportScheduleService, ScheduledReportJob, ScheduledRuns],
  exports: [ReportScheduleService],
})
export class ReportSchedulesModule {}
