import { Module } from '@nestjs/common';
import { DatasetsModule } from '@app/datasets';
import { LinksController } from './links.controller.js';
import { OrphansController } from './orphans.controller.js';

/** Needs the global `FramesModule.forRoot()`. */
@Module({ imports: [DatasetsModule], controllers: [LinksController, OrphansController] })
export class LinksApiModule {}
