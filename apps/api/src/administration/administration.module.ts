import { Module } from '@nestjs/common';
import { AuditModule, AuditSealingModule } from '@app/audit';
import { InspectionModule } from '@app/inspection';
import { TasksModule } from '@app/tasks';
import { HealthModule } from '../health/health.module.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditNames } from './audit/audit-names.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { CheckController } from './inspection/check.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { OverviewController } from './overview/overview.controller.js';

/** What only those who run the system may see and do. */
@Module({
  imports: [AuditModule, AuditSealingModule, HealthModule, InspectionModule, TasksModule],
  controllers: [
    AuditController,
    CheckController,
    DeadLettersController,
    MetricsController,
    OverviewController,
  ],
  providers: [AuditNames],
})
export class AdministrationModule {}
