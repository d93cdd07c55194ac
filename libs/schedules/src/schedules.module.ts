import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CLOCK, systemClock } from './clock.js';
import { ScheduleEntity } from './schedule.entity.js';
import { ScheduleHandlers } from './schedule-handlers.js';
import { ScheduleRounds } from './schedule-rounds.js';
import { Schedules } from './schedules.js';

/** Planning, for both apps; handlers register in {@link ScheduleHandlers}. */
@Module({
  imports: [TypeOrmModule.forFeature([ScheduleEntity])],
  providers: [{ provide: CLOCK, useValue: systemClock }, ScheduleHandlers, Schedules],
  exports: [CLOCK, ScheduleHandlers, Schedules],
})
export class SchedulesModule {}

/** Beginning what is due: for workers. */
@Module({
  imports: [SchedulesModule],
  providers: [ScheduleRounds],
  exports: [SchedulesModule],
})
export class ScheduleWorkerModule {}
