import type { FrameRepository } from '@app/frames';
import type { Logger } from '@app/logging';
import type { TaskEntity } from '@app/tasks';
import { firstRevisionOf, revisionOf } from './reading-order.js';

/** Takes away frames that no reader ever knew of. What cannot be removed now is left to be found later. */
export class AttemptFrames {
  constructor(
    private readonly repository: FrameRepository,
    private readonly logger: Logger,
  ) {}

  /** Those of attempts that were killed. */
  async sweepEarlier(uploadId: string, task: TaskEntity): Promise<void> {
    for (let revision = firstRevisionOf(task); revision < revisionOf(task); revision += 1) {
      await this.forget(uploadId, revision);
    }
  }

  async forget(uploadId: string, revision: number): Promise<void> {
    try {
      await this.repository.removeRevision(uploadId, revision);
    } catch (err) {
      this.logger.warn({ err, uploadId, revision }, 'frames of a failed attempt could not be removed');
    }
  }
}
