/** The places at which tests let a process die: before and after each step that must not be lost or half done. */
export const FAILPOINTS = [
  'blob.staged',
  'blob.synced',
  'blob.renamed',
  'upload.before-commit',
  'upload.committed',
  'outbox.before-publish',
  'outbox.confirmed',
  'task.claimed',
  'frame.stored',
  'frames.verified',
  'task.before-publication',
  'task.before-commit',
  'task.published',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

let strike: ((name: Failpoint) => void) | undefined;

/** Does nothing: no code of the product arms failpoints, and what arms them in tests is no part of the image. */
export function failpoint(name: Failpoint): void {
  strike?.(name);
}

/** For tests alone: `handler` is called at every failpoint. */
export function armFailpoints(handler: (name: Failpoint) => void): void {
  strike = handler;
}
