import { Module } from '@nestjs/common';
import { ReportsModule } from '@app/reports';
import { ReportsController } from './reports.controller.js';

/** Needs the global `FramesModule.forRoot()` and `AnswerCacheModule.forRoot()`. */
@Module({ imports: [ReportsModule], controllers: [ReportsController] })
export class ReportsApiModule {}
