import { parentPort } from 'node:worker_threads';
import { type Layout, Stopped } from './memory.js';
import { type Task, type TaskOutcome, type TaskSettings, TaskSolver } from './tasks.js';

/** What a thread works on from now on: one of the workspaces of a layout. */
export interface Job {
  memory: WebAssembly.Memory;
  layout: Layout;
  thread: number;
  settings: TaskSettings;
}

/** A new job, its tasks one by one, and its end, on which the thread lets go of the memory. */
export type ThreadMessage = { job: Job } | { task: Task } | { end: true };

/** The answer to a task. */
export type ThreadReply = TaskOutcome | { stopped: true };

let solver: TaskSolver | undefined;

parentPort?.on('message', (message: ThreadMessage) => {
  if ('job' in message) {
    const { memory, layout, thread, settings } = message.job;
    solver = new TaskSolver(memory, layout, thread, settings);
  } else if ('end' in message) {
    solver = undefined;
  } else {
    const reply = answer(message.task);
    const transfer = 'labels' in reply && reply.labels ? [reply.labels.buffer as ArrayBuffer] : [];
    parentPort?.postMessage(reply, transfer);
  }
});

function answer(task: Task): ThreadReply {
  try {
    if (solver === undefined) {
      throw new Error('A task came before its job.');
    }
    return solver.solve(task);
  } catch (error) {
    if (error instanceof Stopped) {
      return { stopped: true };
    }
    throw error;
  }
}
