import { Module } from '@nestjs/common';
import { ReportsModule } from '@app/reports';
import { ComparisonController } from './comparison/comparison.controller.js';
import { MemberExportController } from './export/member-export.controller.js';
import { ReportPageController } from './page/report-page.controller.js';
import { ReportsController } from './reports.controller.js';

/** Needs the global `FramesModule.forRoot()` and `AnswerCacheModule.forRoot()`. */
@Module({
  imports: [ReportsModule],
  controllers: [ReportsController, ComparisonController, MemberExportController, ReportPageController],
})
export class ReportsApiModule {}
