import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@app/audit';
import { StoresModule } from '@app/stores';
import { DatasetEntity } from './dataset.entity.js';
import { DatasetService } from './dataset.service.js';
import { UploadEntity } from './upload.entity.js';
import { UploadRevisionEntity } from './upload-revision.entity.js';
import { VisibleSetEntity } from './visible-set.entity.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([DatasetEntity, UploadEntity, UploadRevisionEntity, VisibleSetEntity]),
    AuditModule,
    StoresModule,
  ],
  providers: [DatasetService],
  exports: [DatasetService],
})
export class DatasetsModule {}
