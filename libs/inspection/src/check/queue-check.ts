import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import { Publisher } from '@app/messaging';
import type { EntityManager } from 'typeorm';
import { type Difference, difference, type Finding } from './difference.js';

/** Rounds of the task sweeper after which every due task has a message. */
const SWEEPS = 4;
const CONNECT_MS = 10_000;
const CONNECT_POLL_MS = 50;

interface Due {
  kind: string;
  ids: string[];
  /** Messages that are still in the outbox. */
  unsent: number;
}

/** Tasks that have been due for a while against the messages that tell workers of them. */
@Injectable()
export class QueueCheck {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly publisher: Publisher,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async run(): Promise<Finding> {
    await this.connected();
    const due = await this.manager.query<Due[]>(
      `SELECT t.kind, array_agg(t.id::text ORDER BY t.run_at) AS ids,
              (SELECT count(*)::int FROM outbox o WHERE o.sent_at IS NULL AND o.queue = t.kind) AS unsent
         FROM tasks t WHERE t.status = 'queued'
          AND greatest(t.run_at, t.announced_at) < now() - make_interval(secs => $1) GROUP BY t.kind`,
      [this.settings.tasks.sweepSeconds * SWEEPS],
    );
    const differences: Difference[] = [];
    let messages = 0;
    for (const { kind, ids, unsent } of due) {
      const depth = await this.publisher.depth(kind).catch(() => null);
      if (depth === null) {
        differences.push(difference('queue_unreachable', kind, `${ids.length} tasks are due`));
        continue;
      }
      messages += depth;
      // Messages are all alike: the tasks that wait longest are those whose messages are gone.
      const missing = ids.slice(0, Math.max(0, ids.length - depth - unsent));
      differences.push(
        ...missing.map((id) => difference('task_not_announced', id, `${kind}: ${depth} messages for it`)),
      );
    }
    if (!this.publisher.isConnected && due.length === 0) {
      differences.push(difference('queue_unreachable', 'all', 'there is no connection to the broker'));
    }
    return { compared: { messages }, differences };
  }

  /** A process that has just begun is not connected yet. */
  private async connected(): Promise<void> {
    for (const end = Date.now() + CONNECT_MS; !this.publisher.isConnected && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, CONNECT_POLL_MS));
    }
  }
}
