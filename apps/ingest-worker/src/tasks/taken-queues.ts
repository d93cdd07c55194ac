import { type Settings, SettingsError } from '@app/config';
import { TASK_KINDS, type TaskKind } from '@app/messaging';

/**
 * The queues a worker takes from: those it was told to, else all.
 * @throws SettingsError where it was told of one that there is not
 */
export function takenQueues({ worker: { queues } }: Pick<Settings, 'worker'>): readonly TaskKind[] {
  return queues.length === 0 ? TASK_KINDS : queues.map(knownKind);
}

function knownKind(queue: string): TaskKind {
  const kind = TASK_KINDS.find((known) => known === queue);
  if (kind === undefined) {
    throw new SettingsError(`WORKER_QUEUES: ${queue} is no queue; there are ${TASK_KINDS.join(', ')}`);
  }
  return kind;
}
