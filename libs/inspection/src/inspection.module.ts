import { Module } from '@nestjs/common';
import { MessagingModule } from '@app/messaging';
import { SystemGauges } from './state/system-gauges.js';
import { SystemState } from './state/system-state.js';

/** Looking at the system as a whole. Needs the global `FramesModule.forRoot()` of its app. */
@Module({
  imports: [MessagingModule],
  providers: [SystemState, SystemGauges],
  exports: [SystemState, SystemGauges],
})
export class InspectionModule {}
