import { Module } from '@nestjs/common';
import { CustomersModule } from '@app/customers';
import { ReportsModule } from '@app/reports';
import { StoresModule } from '@app/stores';
import { ComparisonController } from './comparison/comparison.controller.js';
import { MemberExportController } from './export/member-export.controller.js';
import { ReportPageController } from './page/report-page.controller.js';
import { ReportsController } from './reports.controller.js';

/** Needs the global `FramesModule.forRoot()` and `AnswerCacheModule.forRoot()`. */
@Module({
  imports: [CustomersModule, ReportsModule, StoresModule],
  controllers: [ReportsController, ComparisonController, MemberExportController, ReportPageController],
})
export class ReportsApiModule {}
