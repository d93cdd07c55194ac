import { Problem } from '@app/problems';
import { FrameStoreUnavailable } from '../model/frame.repository.js';

/** @throws Problem unavailable where `work` cannot get at the frames; whatever else `work` throws */
export async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FrameStoreUnavailable)) throw error;
    throw new Problem('unavailable', 'The data cannot be reached just now. Please try again.', {
      retryAfterSeconds: 5,
      cause: error,
    });
  }
}
