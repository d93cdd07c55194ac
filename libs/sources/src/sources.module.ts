import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@app/audit';
import { DatasetsModule } from '@app/datasets';
import { SchedulesModule } from '@app/schedules';
import { StorageModule } from '@app/storage';
import { TasksModule } from '@app/tasks';
import { ObjectReader } from './objects/object-reader.js';
import { RunItemEntity } from './objects/run-item.entity.js';
import { SourceObjectEntity } from './objects/source-object.entity.js';
import { SourceEntity } from './source.entity.js';
import { SourceOrders } from './source-orders.js';
import { SourceRunEntity } from './source-run.entity.js';
import { SourceRuns } from './source-runs.js';
import { SourceService } from './source.service.js';
import { OutputFile } from './sync/output-file.js';
import { SingleObjects } from './sync/single-objects.js';
import { SyncHandler } from './sync/sync-handler.js';
import { UploadOrder } from './sync/upload-order.js';
import { WholeState } from './sync/whole-state.js';

/** Needs the global `FramesModule.forRoot()` of its app. */
@Module({
  imports: [
    TypeOrmModule.forFeature([SourceEntity, SourceRunEntity, RunItemEntity, SourceObjectEntity]),
    AuditModule,
    DatasetsModule,
    SchedulesModule,
    StorageModule,
    TasksModule,
  ],
  providers: [
    ObjectReader,
    UploadOrder,
    SingleObjects,
    WholeState,
    OutputFile,
    SyncHandler,
    SourceOrders,
    SourceRuns,
    SourceService,
  ],
  exports: [SourceOrders, SourceRuns, SourceService],
})
export class SourcesModule {}
