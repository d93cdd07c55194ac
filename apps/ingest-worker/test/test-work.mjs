import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { FramesModule } from '../../../dist/libs/frames/src/index.js';
import { TASK_KINDS } from '../../../dist/libs/messaging/src/index.js';
import { Problem } from '../../../dist/libs/problems/src/index.js';
import { TaskHandlers, TasksModule } from '../../../dist/libs/tasks/src/index.js';

const STEP_MS = 20;

class TestWork {}

/**
 * Tasks of kind `ingest` whose payload says how they behave; what happens to them is written to `test_events`.
 */
export const testWork = () => ({
  module: TestWork,
  imports: [TasksModule, FramesModule.forRoot({ memoryLimitMegabytes: () => 100 })],
  providers: [
    {
      provide: 'test handlers',
      inject: [TaskHandlers, DataSource],
      useFactory: (handlers, dataSource) => {
        handlers.register(new TestHandler(dataSource));
        for (const kind of TASK_KINDS) if (kind !== 'ingest') handlers.register(new OtherHandler(kind));
      },
    },
  ],
});

class OtherHandler {
  constructor(kind) {
    this.kind = kind;
  }

  async run() {}
  async ended() {}
}

class TestHandler {
  kind = 'ingest';

  constructor(dataSource) {
    this.dataSource = dataSource;
  }

  async run(context) {
    const { payload } = context.task;
    await this.#note(this.dataSource, context.task, 'run');
    try {
      await this[payload.behaviour](context, payload);
    } catch (error) {
      await this.#note(this.dataSource, context.task, `threw ${error.name}`);
      throw error;
    }
  }

  async started(manager, task) {
    await this.#note(manager, task, 'started');
  }

  async requeued(manager, task) {
    await this.#note(manager, task, 'requeued');
  }

  async ended(manager, task, status, error) {
    await this.#note(manager, task, `${status} ${error.code}`);
  }

  async succeed(context) {
    await this.#publish(context);
  }

  /** Works in small steps, heeding the signal. */
  async work(context, { milliseconds }) {
    for (let done = 0; done < milliseconds; done += STEP_MS) {
      context.signal.throwIfAborted();
      context.progress({ done, total: milliseconds, unit: 'milliseconds' });
      await sleep(STEP_MS);
    }
    await this.#publish(context);
  }

  /** Heeds nothing, and publishes at the end. */
  async stubborn(context, { milliseconds }) {
    await sleep(milliseconds);
    await this.#publish(context);
  }

  async failing(context, { failures }) {
    if (context.task.attempts <= failures) throw new Error('secret: connection to 10.0.0.1 refused');
    await this.#publish(context);
  }

  async problem() {
    throw new Problem('unprocessable', 'The file holds no rows.');
  }

  async crash() {
    process.kill(process.pid, 'SIGKILL');
    await sleep(10_000);
  }

  async #publish(context) {
    await context.publish(async (manager) => {
      await this.#note(manager, context.task, 'published');
      return { fence: context.fence };
    });
  }

  async #note(to, task, event) {
    await to.query('INSERT INTO test_events (task_id, event, fence, pid) VALUES ($1, $2, $3, $4)', [
      task.id,
      event,
      task.fence,
      process.pid,
    ]);
  }
}
