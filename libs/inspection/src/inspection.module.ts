import { Module } from '@nestjs/common';
import { AuditModule } from '@app/audit';
import { MessagingModule } from '@app/messaging';
import { StorageModule } from '@app/storage';
import { AnswerCheck } from './check/answer-check.js';
import { BlobCheck } from './check/blob-check.js';
import { ConsistencyCheck } from './check/consistency-check.js';
import { FrameCheck } from './check/frame-check.js';
import { QueueCheck } from './check/queue-check.js';
import { WorkCheck } from './check/work-check.js';
import { Scrubber } from './scrub/scrubber.js';
import { SystemGauges } from './state/system-gauges.js';
import { SystemState } from './state/system-state.js';
import { OrphanSweepTimer } from './sweep/orphan-sweep-timer.js';
import { OrphanSweeper } from './sweep/orphan-sweeper.js';

/** Looking at the system as a whole. Needs the global `FramesModule.forRoot()` and `AnswerCacheModule.forRoot()`. */
@Module({
  imports: [AuditModule, MessagingModule, StorageModule],
  providers: [
    SystemState,
    SystemGauges,
    WorkCheck,
    BlobCheck,
    FrameCheck,
    QueueCheck,
    AnswerCheck,
    ConsistencyCheck,
    Scrubber,
  ],
  exports: [SystemState, SystemGauges, ConsistencyCheck, Scrubber],
})
export class InspectionModule {}

/** Removing what nothing names: for workers. Needs the global `FramesModule.forRoot()`. */
@Module({
  imports: [StorageModule],
  providers: [OrphanSweeper, OrphanSweepTimer],
  exports: [OrphanSweeper],
})
export class SweepModule {}
