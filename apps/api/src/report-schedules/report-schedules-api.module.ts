import { Module } from '@nestjs/common';
import { ReportSchedulesModule } from '@app/report-schedules';
import { ReportSchedulesController } from './report-schedules.controller.js';

@Module({ imports: [ReportSchedulesModule], controllers: [ReportSchedulesController] })
export class ReportSchedulesApiModule {}
