import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@app/audit';
import { StorageModule } from '@app/storage';
import { StoresModule } from '@app/stores';
import { TasksModule } from '@app/tasks';
import { AnalysisOrders } from './analysis/analysis-orders.js';
import { AnomaliesHandler } from './anomalies/anomalies-handler.js';
import { BundleEntity } from './bundles/bundle.entity.js';
import { BundleService } from './bundles/bundle.service.js';
import { DatasetEntity } from './dataset.entity.js';
import { DatasetService } from './dataset.service.js';
import { ExportHandler } from './exports/export-handler.js';
import { ExportOrders } from './exports/export-order.js';
import { Visibility } from './fold/visibility.js';
import { IngestHandler } from './ingest/ingest-handler.js';
import { LinkChecks } from './links/link-checks.js';
import { LinkedRows } from './links/linked-rows.js';
import { LinkEntity } from './links/link.entity.js';
import { LinkService } from './links/link.service.js';
import { ProfileEntity } from './profile/profile.entity.js';
import { ProfileHandler } from './profile/profile-handler.js';
import { ProfileService } from './profile/profile.service.js';
import { RemovalService } from './removal.service.js';
import { ReprocessingService } from './reprocessing.service.js';
import { TrialService } from './trial/trial.service.js';
import { UploadEntity } from './upload.entity.js';
import { UploadIntake } from './upload-intake.js';
import { UploadRevisionEntity } from './upload-revision.entity.js';
import { UploadService } from './upload.service.js';
import { VisibleSetEntity } from './visible-set.entity.js';

/** Needs the global `FramesModule.forRoot()` of its app. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      BundleEntity,
      DatasetEntity,
      LinkEntity,
      ProfileEntity,
      UploadEntity,
      UploadRevisionEntity,
      VisibleSetEntity,
    ]),
    AuditModule,
    StorageModule,
    StoresModule,
    TasksModule,
  ],
  providers: [
    DatasetService,
    Visibility,
    UploadService,
    UploadIntake,
    RemovalService,
    ReprocessingService,
    TrialService,
    ProfileService,
    LinkChecks,
    LinkService,
    LinkedRows,
    BundleService,
    AnalysisOrders,
    AnomaliesHandler,
    ExportOrders,
    ExportHandler,
    IngestHandler,
    ProfileHandler,
  ],
  exports: [
    DatasetService,
    UploadService,
    UploadIntake,
    RemovalService,
    ReprocessingService,
    TrialService,
    ProfileService,
    LinkService,
    LinkedRows,
    BundleService,
    AnalysisOrders,
    ExportOrders,
  ],
})
export class DatasetsModule {}
