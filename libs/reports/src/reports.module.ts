import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@app/audit';
import { DatasetsModule } from '@app/datasets';
import { StoresModule } from '@app/stores';
import { TasksModule } from '@app/tasks';
import { Continuations } from './comparison/continuations.js';
import { ReportComparison } from './comparison/report-comparison.js';
import { MemberExport } from './members/member-export.js';
import { ReportMembersReader } from './members/report-members.js';
import { ReportEntity } from './report.entity.js';
import { ReportService } from './report.service.js';
import { DataSelector } from './request/data-selector.js';
import { ReportData } from './segmentation/report-data.js';
import { SegmentationHandler } from './segmentation/segmentation.handler.js';
import { SegmentationThreads } from './segmentation/segmentation-threads.js';
import { Segmenter } from './segmentation/segmenter.js';

/** Needs the global `FramesModule.forRoot()` of its app. */
@Module({
  imports: [TypeOrmModule.forFeature([ReportEntity]), AuditModule, DatasetsModule, StoresModule, TasksModule],
  providers: [
    ReportService,
    ReportMembersReader,
    Continuations,
    MemberExport,
    ReportComparison,
    DataSelector,
    ReportData,
    SegmentationThreads,
    Segmenter,
    SegmentationHandler,
  ],
  exports: [MemberExport, ReportComparison, ReportMembersReader, ReportService],
})
export class ReportsModule {}
