import { Module } from '@nestjs/common';
import { DatasetsModule } from '@app/datasets';
import { UploadsApiModule } from '../uploads/uploads-api.module.js';
import { BundlesController } from './bundles.controller.js';

@Module({ imports: [DatasetsModule, UploadsApiModule], controllers: [BundlesController] })
export class BundlesApiModule {}
