import { TASK_KINDS } from '@app/messaging';
import { expect, test } from 'vitest';
import { takenQueues } from './taken-queues.js';

const told = (...queues: string[]) => ({ worker: { queues, healthPort: 0, concurrency: 1 } });

test('a worker takes all queues unless told which', () => {
  expect(takenQueues(told())).toEqual([...TASK_KINDS]);
  expect(takenQueues(told('segmentation'))).toEqual(['segmentation']);
});

test('a queue that there is not is refused, with those there are', () => {
  expect(() => takenQueues(told('ingest', 'ingestion'))).toThrow(
    `WORKER_QUEUES: ingestion is no queue; there are ${TASK_KINDS.join(', ')}`,
  );
});
