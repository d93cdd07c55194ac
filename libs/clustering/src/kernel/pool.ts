import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ThreadData, ThreadReply } from './kmeans.thread.js';
import { type Layout, Stopped } from './memory.js';
import { type Task, type TaskOutcome, TaskSolver, type TaskSettings } from './tasks.js';

/** Carries out tasks, each on the first thread that is free. */
export interface Pool {
  run(task: Task): Promise<TaskOutcome>;
  close(): Promise<void>;
}

/** One thread per workspace of the layout, all on the same memory. */
export class ThreadPool implements Pool {
  private readonly threads: Worker[];
  private readonly idle: Worker[];
  private readonly waiting: { task: Task; settle: (reply: ThreadReply | Error) => void }[] = [];
  private readonly settleOf = new Map<Worker, (reply: ThreadReply | Error) => void>();
  private failure: Error | undefined;

  constructor(memory: WebAssembly.Memory, layout: Layout, settings: TaskSettings) {
    this.threads = layout.workspaces.map((_, thread) => {
      const workerData: ThreadData = { memory, layout, thread, settings };
      const worker = new Worker(new URL('./kmeans.thread.js', import.meta.url), { workerData });
      worker.on('message', (reply: ThreadReply) => this.settle(worker, reply));
      worker.on('error', (error) => this.fail(error instanceof Error ? error : new Error(String(error))));
      return worker;
    });
    this.idle = [...this.threads];
  }

  async run(task: Task): Promise<TaskOutcome> {
    const reply = await new Promise<ThreadReply>((resolve, reject) => {
      this.waiting.push({
        task,
        settle: (reply) => (reply instanceof Error ? reject(reply) : resolve(reply)),
      });
      this.dispatch();
    });
    if ('stopped' in reply) {
      throw new Stopped();
    }
    return reply;
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }

  private dispatch(): void {
    if (this.failure) {
      for (const { settle } of this.waiting.splice(0)) {
        settle(this.failure);
      }
      return;
    }
    while (this.idle.length > 0 && this.waiting.length > 0) {
      const thread = this.idle.shift()!;
      const { task, settle } = this.waiting.shift()!;
      this.settleOf.set(thread, settle);
      thread.postMessage(task);
    }
  }

  private settle(thread: Worker, reply: ThreadReply): void {
    this.idle.push(thread);
    this.settleOf.get(thread)?.(reply);
    this.settleOf.delete(thread);
    this.dispatch();
  }

  private fail(error: Error): void {
    this.failure = error;
    for (const settle of this.settleOf.values()) {
      settle(error);
    }
    this.settleOf.clear();
    this.dispatch();
  }
}

/** Does the tasks in the calling thread, one in each turn of its event loop. */
export class CallingThread implements Pool {
  private readonly solver: TaskSolver;
  private previous: Promise<unknown> = Promise.resolve();

  constructor(memory: WebAssembly.Memory, layout: Layout, settings: TaskSettings) {
    this.solver = new TaskSolver(memory, layout, 0, settings);
  }

  run(task: Task): Promise<TaskOutcome> {
    const outcome = this.previous.then(() => turnOfTheLoop()).then(() => this.solver.solve(task));
    this.previous = outcome.catch(() => undefined);
    return outcome;
  }

  async close(): Promise<void> {}
}
