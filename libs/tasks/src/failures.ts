import { Problem } from '@app/problems';
import type { TaskError } from './task.entity.js';

/** Ends a task as failed at once, where repeating it cannot help. Code and message are shown to the user. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The work could not be done now and is to be tried again after a while that the one who did it knows. */
export class TryAgainLater extends Error {
  override readonly name = 'TryAgainLater';

  /** @param delayMs milliseconds until the next attempt */
  constructor(
    readonly code: string,
    message: string,
    readonly delayMs: number,
  ) {
    super(message);
  }
}

/** This attempt no longer owns its task: it was cancelled, or the lease ran out and another worker took over. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor() {
    super('The task is no longer owned by this attempt.');
  }
}

/** The process ends; the task goes back to the queue, and the attempt does not count. */
export class ShuttingDown extends Error {
  override readonly name = 'ShuttingDown';

  constructor() {
    super('The worker is shutting down.');
  }
}

export type Failure =
  /** Somebody else decides about the task now: nothing to record. */
  | { kind: 'lost' }
  | { kind: 'interrupted' }
  | { kind: 'permanent'; error: TaskError }
  /** With `delayMs`, tried again after that many milliseconds; else after the usual pause. */
  | { kind: 'transient'; error: TaskError; delayMs?: number };

// Problems that time mends; every other one concerns the input and would only repeat itself.
const PASSING_PROBLEMS: readonly string[] = ['unavailable', 'rate_limited', 'internal_error'];

const UNEXPECTED: TaskError = {
  code: 'internal_error',
  message: 'The work failed for an internal reason.',
};

/** Decides what a thrown error means for its task. The only place that does. */
export function classifyFailure(error: unknown): Failure {
  if (error instanceof LeaseLost) return { kind: 'lost' };
  if (error instanceof ShuttingDown) return { kind: 'interrupted' };
  if (error instanceof TryAgainLater) {
    const { code, message, delayMs } = error;
    return { kind: 'transient', error: { code, message }, delayMs };
  }
  if (error instanceof PermanentError) {
    return { kind: 'permanent', error: { code: error.code, message: error.message } };
  }
  if (error instanceof Problem) {
    return {
      kind: PASSING_PROBLEMS.includes(error.code) ? 'transient' : 'permanent',
      error: { code: error.code, message: error.detail },
    };
  }
  return { kind: 'transient', error: UNEXPECTED };
}
