import { statfs } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import { FrameRepository } from '@app/frames';
import { DEAD_LETTER_QUEUE, Publisher, TASK_KINDS } from '@app/messaging';
import type { TaskStatus } from '@app/tasks';
import type { EntityManager } from 'typeorm';
import { GONE_AFTER_SECONDS } from './worker-presence.js';

/** `messages` and `consumers` are null where the broker does not answer. */
export interface QueueState {
  name: string;
  messages: number | null;
  consumers: number | null;
}

export interface WorkerState {
  name: string;
  queues: string[];
  concurrency: number;
  /** Tasks whose lease it holds. */
  running: number;
  startedAt: Date;
  seenAt: Date;
}

export interface TaskCount {
  kind: string;
  status: TaskStatus;
  count: number;
  /** Of queued tasks since they were ordered, of running ones since they began; null of finished ones. */
  oldestSeconds: number | null;
}

export interface OutboxState {
  unsent: number;
  oldestSeconds: number;
}

export interface StorageState {
  /** Files that uploads name, each once. */
  blobs: { count: number; bytes: number };
  /** Null where MongoDB does not answer. */
  frames: { count: number; bytes: number } | null;
  /** The file system of the data directory. */
  disk: { totalBytes: number; freeBytes: number };
}

/** How the system stands right now, for operators and for Prometheus. */
@Injectable()
export class SystemState {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly publisher: Publisher,
    private readonly frames: FrameRepository,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** The queues of all kinds of tasks, and the one of dead letters. */
  async queues(): Promise<QueueState[]> {
    return Promise.all([...TASK_KINDS, DEAD_LETTER_QUEUE].map((name) => this.queue(name)));
  }

  async workers(): Promise<WorkerState[]> {
    return this.manager.query<WorkerState[]>(
      `SELECT w.name, w.queues, w.concurrency, w.started_at AS "startedAt", w.seen_at AS "seenAt",
              (SELECT count(*) FROM tasks t WHERE t.status = 'running' AND starts_with(t.lease_owner, w.name || ':'))::int AS running
         FROM workers w WHERE w.seen_at > now() - make_interval(secs => $1) ORDER BY w.name`,
      [GONE_AFTER_SECONDS],
    );
  }

  async tasks(): Promise<TaskCount[]> {
    return this.manager.query<TaskCount[]>(
      `SELECT kind, status, count(*)::int AS count,
              extract(epoch FROM now() - min(CASE status WHEN 'queued' THEN created_at WHEN 'running' THEN started_at END))::float8
                AS "oldestSeconds"
         FROM tasks WHERE deleted_at IS NULL GROUP BY kind, status ORDER BY kind, status`,
    );
  }

  /** How many dead letters wait, by the queue they come from. */
  async deadLetters(): Promise<Map<string, number>> {
    const rows = await this.manager.query<{ queue: string; count: number }[]>(
      'SELECT queue, count(*)::int AS count FROM dead_letters WHERE resolved_at IS NULL GROUP BY queue',
    );
    return new Map(rows.map(({ queue, count }) => [queue, count]));
  }

  async outbox(): Promise<OutboxState> {
    const [state] = await this.manager.query<OutboxState[]>(
      `SELECT count(*)::int AS unsent, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS "oldestSeconds"
         FROM outbox WHERE sent_at IS NULL`,
    );
    return state ?? { unsent: 0, oldestSeconds: 0 };
  }

  async storage(): Promise<StorageState> {
    const [blobs] = await this.manager.query<{ count: number; bytes: string }[]>(
      `SELECT count(*)::int AS count, coalesce(sum(size_bytes), 0) AS bytes
         FROM (SELECT DISTINCT sha256, size_bytes FROM uploads WHERE deleted_at IS NULL) AS named`,
    );
    const { blocks, bavail, bsize } = await statfs(this.settings.dataDirectory);
    return {
      blobs: { count: blobs?.count ?? 0, bytes: Number(blobs?.bytes ?? 0) },
      frames: await this.frames.stored().catch(() => null),
      disk: { totalBytes: blocks * bsize, freeBytes: bavail * bsize },
    };
  }

  private async queue(name: string): Promise<QueueState> {
    return this.publisher
      .queueState(name)
      .then((state) => ({ name, ...state }))
      .catch(() => ({ name, messages: null, consumers: null }));
  }
}
