import { parentPort, workerData } from 'node:worker_threads';
import { type Layout, Stopped } from './memory.js';
import { type Task, type TaskOutcome, TaskSolver, type TaskSettings } from './tasks.js';

/** What a thread starts with. */
export interface ThreadData {
  memory: WebAssembly.Memory;
  layout: Layout;
  thread: number;
  settings: TaskSettings;
}

/** The answer to a task. */
export type ThreadReply = TaskOutcome | { stopped: true };

const { memory, layout, thread, settings } = workerData as ThreadData;
const solver = new TaskSolver(memory, layout, thread, settings);

parentPort?.on('message', (task: Task) => {
  const reply = answer(task);
  const transfer = 'labels' in reply && reply.labels ? [reply.labels.buffer as ArrayBuffer] : [];
  parentPort?.postMessage(reply, transfer);
});

function answer(task: Task): ThreadReply {
  try {
    return solver.solve(task);
  } catch (error) {
    if (error instanceof Stopped) {
      return { stopped: true };
    }
    throw error;
  }
}
