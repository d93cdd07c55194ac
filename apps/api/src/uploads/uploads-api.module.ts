import { Module } from '@nestjs/common';
import { DatasetsModule } from '@app/datasets';
import { StorageModule } from '@app/storage';
import { UploadForms } from './upload-form.js';
import { UploadGate } from './upload-gate.js';
import { UploadsController } from './uploads.controller.js';

@Module({
  imports: [DatasetsModule, StorageModule],
  controllers: [UploadsController],
  providers: [UploadForms, UploadGate],
  exports: [UploadForms],
})
export class UploadsApiModule {}
