import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadSettings, type Settings, SettingsModule } from '@app/config';
import { DatabaseModule, migrate } from '@app/database';
import { createLogger, LoggingModule, runInContext } from '@app/logging';
import { DEAD_LETTER_QUEUE, Publisher, TASK_KINDS } from '@app/messaging';
import { DeadLetters, type TaskEntity, TaskService } from '@app/tasks';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from './eventually.js';
import { type Behaviour, testWork } from './test-work.mjs';
import { Worker } from './worker.js';

export interface TaskEvent {
  event: string;
  fence: number;
  pid: number;
  at: Date;
}

/** A database of its own, a process that orders tasks (this one, as the api would) and workers that do them. */
export class TaskBench {
  /** For messages that no publisher of ours would send. */
  channel: Channel;
  private broker: ChannelModel;
  private readonly workers: Worker[] = [];

  private constructor(
    readonly settings: Settings,
    private readonly environment: Record<string, string>,
    private readonly app: INestApplicationContext,
    readonly customerId: string,
  ) {}

  static async open(): Promise<TaskBench> {
    const database = `tasks_${randomBytes(6).toString('hex')}`;
    const url = new URL(process.env['DATABASE_URL'] ?? '');
    const admin = await new DataSource({ type: 'postgres', url: url.href }).initialize();
    await admin.query(`CREATE DATABASE ${database}`);
    await admin.destroy();
    url.pathname = `/${database}`;
    await migrate(url.href);

    const environment = {
      DATABASE_URL: url.href,
      DATA_DIR: await mkdtemp(join(tmpdir(), 'task-bench-')),
      DEBUG: 'true',
      TASK_LEASE_SECONDS: '2',
      TASK_SWEEP_SECONDS: '1',
      TASK_MAX_ATTEMPTS: '3',
      TASK_MAX_CRASHES: '2',
      SHUTDOWN_GRACE_SECONDS: '2',
      UV_THREADPOOL_SIZE: '16',
    };
    const settings = loadSettings({ ...process.env, ...environment });
    const app = await NestFactory.createApplicationContext(
      {
        module: class OrderingModule {},
        imports: [
          SettingsModule.forRoot(settings),
          LoggingModule.forRoot(createLogger('test', 'silent')),
          DatabaseModule.forRoot(),
          testWork(),
        ],
      },
      { logger: false },
    );
    const bench = new TaskBench(settings, environment, app, uuidv7());
    await bench.reconnect();
    await bench.emptyQueues();
    await bench.addCustomer(bench.customerId);
    await bench.query(
      `CREATE TABLE test_events (id serial, task_id uuid, event text, fence int, pid int,
        at timestamptz NOT NULL DEFAULT clock_timestamp())`,
    );
    return bench;
  }

  get tasks(): TaskService {
    return this.app.get(TaskService, { strict: false });
  }

  get deadLetters(): DeadLetters {
    return this.app.get(DeadLetters, { strict: false });
  }

  query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.app.get(DataSource, { strict: false }).query(sql, parameters);
  }

  worker(environment: Record<string, string> = {}): Worker {
    const worker = new Worker({ ...this.environment, ...environment });
    this.workers.push(worker);
    return worker;
  }

  /** After the broker was away. */
  async reconnect(): Promise<void> {
    this.broker = await connect(this.settings.services.rabbitmqUrl);
    this.broker.on('error', () => undefined);
    this.channel = await this.broker.createChannel();
  }

  orderAs(requestId: string, behaviour: Behaviour): Promise<string> {
    return runInContext({ requestId }, () => this.order(behaviour));
  }

  async addCustomer(id = uuidv7()): Promise<string> {
    await this.query('INSERT INTO customers (id, name) VALUES ($1, $2)', [id, 'Test']);
    return id;
  }

  async order(behaviour: Behaviour, customerId = this.customerId): Promise<string> {
    const task = await this.app
      .get(DataSource, { strict: false })
      .transaction((manager) =>
        this.tasks.enqueue(manager, { kind: 'ingest', customerId, payload: behaviour }),
      );
    this.tasks.announce();
    return task.id;
  }

  async events(taskId: string): Promise<TaskEvent[]> {
    return this.query('SELECT event, fence, pid, at FROM test_events WHERE task_id = $1 ORDER BY id', [
      taskId,
    ]);
  }

  /** Names of what happened to a task, in order. */
  async story(taskId: string): Promise<string[]> {
    return (await this.events(taskId)).map(({ event }) => event);
  }

  async until(taskId: string, condition: (task: TaskEntity) => boolean, what: string): Promise<TaskEntity> {
    let task = await this.tasks.get(taskId);
    await eventually(async () => {
      task = await this.tasks.get(taskId);
      return condition(task);
    }, what);
    return task;
  }

  async ended(taskId: string): Promise<TaskEntity> {
    return this.until(taskId, ({ finishedAt }) => finishedAt !== null, 'the task has ended');
  }

  /** Other tests use the same broker. */
  private async emptyQueues(): Promise<void> {
    for (const queue of [...TASK_KINDS, DEAD_LETTER_QUEUE]) {
      await eventually(
        () => this.app.get(Publisher, { strict: false }).isConnected,
        'the queues are declared',
      );
      await this.channel.purgeQueue(queue);
    }
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.stop()));
  }

  async close(): Promise<void> {
    await this.stopWorkers();
    await this.broker.close().catch(() => undefined);
    await this.app.close();
    await rm(this.settings.dataDirectory, { recursive: true, force: true });
  }
}
