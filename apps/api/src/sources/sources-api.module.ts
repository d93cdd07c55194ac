import { Module } from '@nestjs/common';
import { SourcesModule } from '@app/sources';
import { SourcesController } from './sources.controller.js';

/** Needs the global `FramesModule.forRoot()`. */
@Module({ imports: [SourcesModule], controllers: [SourcesController] })
export class SourcesApiModule {}
