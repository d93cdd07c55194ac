import { Injectable } from '@nestjs/common';
import { gauge } from '@app/metrics';
import { TASK_KINDS } from '@app/messaging';
import { DataSource } from 'typeorm';
import { SystemState } from './system-state.js';

const messages = gauge('datacore_queue_messages', 'Messages that wait in a queue.', ['queue']);
const consumers = gauge('datacore_queue_consumers', 'Consumers that a queue has.', ['queue']);
const deadLetters = gauge('datacore_dead_letters', 'What stopped and waits for somebody.', ['queue']);
const tasks = gauge('datacore_tasks', 'Tasks by kind and status.', ['kind', 'status']);
const age = gauge('datacore_oldest_task_seconds', 'Age of the oldest open task.', ['kind', 'status']);
const unsent = gauge('datacore_outbox_unsent', 'Messages that wait to be sent to the broker.');
const lag = gauge('datacore_outbox_lag_seconds', 'Age of the oldest message that waits to be sent.');
const workers = gauge('datacore_workers', 'Worker processes that were seen in the last 45 seconds.');
const pool = gauge('datacore_postgres_connections', 'Connections of this process by state.', ['state']);

/** What node-postgres tells of its pool. */
interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

/** Scrapes that come at once share an answer of this age. */
const LIFETIME_MS = 2000;

/** Brings the figures about the whole system up to date, for whoever asks any api process. */
@Injectable()
export class SystemGauges {
  private last: { at: number; done: Promise<void> } | undefined;

  constructor(
    private readonly state: SystemState,
    private readonly dataSource: DataSource,
  ) {}

  /** Figures that cannot be had are absent, or no number, rather than old. */
  refresh(): Promise<void> {
    const now = Date.now();
    if (this.last === undefined || now - this.last.at > LIFETIME_MS) {
      this.last = { at: now, done: this.set() };
    }
    return this.last.done;
  }

  private async set(): Promise<void> {
    this.setPool();
    await Promise.all([this.setQueues(), this.setWork().catch(() => this.forgetWork())]);
  }

  private async setQueues(): Promise<void> {
    for (const each of [messages, consumers]) each.reset();
    for (const queue of await this.state.queues()) {
      if (queue.messages === null || queue.consumers === null) continue;
      messages.set({ queue: queue.name }, queue.messages);
      consumers.set({ queue: queue.name }, queue.consumers);
    }
  }

  private async setWork(): Promise<void> {
    const [counts, outbox, present, dead] = await Promise.all([
      this.state.tasks(),
      this.state.outbox(),
      this.state.workers(),
      this.state.deadLetters(),
    ]);
    this.forgetWork();
    for (const { kind, status, count, oldestSeconds } of counts) {
      tasks.set({ kind, status }, count);
      if (oldestSeconds !== null) age.set({ kind, status }, oldestSeconds);
    }
    unsent.set(outbox.unsent);
    lag.set(outbox.oldestSeconds);
    workers.set(present.length);
    for (const queue of TASK_KINDS) deadLetters.set({ queue }, dead.get(queue) ?? 0);
  }

  private forgetWork(): void {
    for (const each of [tasks, age, deadLetters]) each.reset();
    for (const each of [unsent, lag, workers]) each.set(Number.NaN);
  }

  private setPool(): void {
    const { totalCount, idleCount, waitingCount } = (this.dataSource.driver as unknown as { master: Pool })
      .master;
    pool.set({ state: 'idle' }, idleCount);
    pool.set({ state: 'busy' }, totalCount - idleCount);
    pool.set({ state: 'waiting' }, waitingCount);
  }
}
