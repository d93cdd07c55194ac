import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
// Importing its types also makes the compiler emit the thread's file.
import type { ThreadMessage, ThreadReply } from './kmeans.thread.js';
import { type Layout, Stopped } from './memory.js';
import { type Task, type TaskOutcome, type TaskSettings, TaskSolver } from './tasks.js';
import { borrowThreads, returnThreads } from './threads.js';

/** A thread that waits may hold on to the memory of its last job until it has more to do, so only one of this size is kept. */
const MOST_BYTES_KEPT = 2 ** 24;

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

  constructor(
    memory: WebAssembly.Memory,
    private readonly layout: Layout,
    settings: TaskSettings,
  ) {
    this.threads = borrowThreads(layout.workspaces.length);
    for (const [thread, worker] of this.threads.entries()) {
      worker.on('message', (reply: ThreadReply) => this.settle(worker, reply));
      worker.on('error', (error) => this.fail(error instanceof Error ? error : new Error(String(error))));
      send(worker, { job: { memory, layout, thread, settings } });
    }
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
    const isIdle = this.failure === undefined && this.idle.length === this.threads.length;
    if (isIdle && this.layout.bytes <= MOST_BYTES_KEPT) {
      for (const thread of this.threads) {
        send(thread, { end: true });
      }
      returnThreads(this.threads);
    } else {
      await Promise.all(this.threads.map((thread) => thread.terminate()));
    }
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
      send(thread, { task });
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

const send = (thread: Worker, message: ThreadMessage): void => thread.postMessage(message);

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
