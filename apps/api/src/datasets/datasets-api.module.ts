import { Module } from '@nestjs/common';
import { DatasetsModule } from '@app/datasets';
import { UploadsApiModule } from '../uploads/uploads-api.module.js';
import { DatasetCreation } from './dataset-creation.js';
import { DatasetUploadsController } from './dataset-uploads.controller.js';
import { DatasetsController } from './datasets.controller.js';
import { RowReader } from './row-reader.js';
import { RowsController } from './rows.controller.js';

/** Needs the global `FramesModule.forRoot()` and `AnswerCacheModule.forRoot()`. */
@Module({
  imports: [DatasetsModule, UploadsApiModule],
  controllers: [DatasetsController, DatasetUploadsController, RowsController],
  providers: [DatasetCreation, RowReader],
})
export class DatasetsApiModule {}
