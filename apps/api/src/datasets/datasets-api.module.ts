import { Module } from '@nestjs/common';
import { DatasetsModule } from '@app/datasets';
import { ReportsModule } from '@app/reports';
import { TasksModule } from '@app/tasks';
import { UploadsApiModule } from '../uploads/uploads-api.module.js';
import { DatasetCreation } from './dataset-creation.js';
import { DatasetUploadsController } from './dataset-uploads.controller.js';
import { DatasetsController } from './datasets.controller.js';
import { DatasetProcessing } from './profiles/dataset-processing.js';
import { ProfilesController } from './profiles/profiles.controller.js';
import { ExportOrderController } from './questions/export-order.controller.js';
import { ExportController } from './questions/export.controller.js';
import { QuestionReader } from './questions/question-reader.js';
import { QuestionsController } from './questions/questions.controller.js';
import { RowReader } from './row-reader.js';
import { RowsController } from './rows.controller.js';

/** Needs the global `FramesModule.forRoot()` and `AnswerCacheModule.forRoot()`. */
@Module({
  imports: [DatasetsModule, ReportsModule, TasksModule, UploadsApiModule],
  controllers: [
    DatasetsController,
    DatasetUploadsController,
    RowsController,
    QuestionsController,
    ExportController,
    ExportOrderController,
    ProfilesController,
  ],
  providers: [DatasetCreation, RowReader, QuestionReader, DatasetProcessing],
})
export class DatasetsApiModule {}
