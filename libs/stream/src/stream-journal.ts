import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { ADVISORY_LOCK } from '@app/database';
import type { EntityManager } from 'typeorm';

/** A row of the stream: something about a task of a customer changed, or a user got a notification. */
export interface StreamEvent {
  /** Grows in the order in which events come into sight. */
  position: number;
  kind: 'task' | 'notification';
  subjectId: string;
}

export interface StreamScope {
  customerIds: string[];
  userId: string;
}

const BATCH_SIZE = 1000;
const KEPT = '7 days';

/**
 * Events as rows. Numbers that are drawn before a commit come into sight in another order than they were drawn, so that a
 * reader who has seen 7 could miss a 6. Positions are given to rows that are in sight, by one process at a time: whoever
 * has seen a position has seen all before it.
 */
@Injectable()
export class StreamJournal {
  constructor(@InjectEntityManager() private readonly manager: EntityManager) {}

  /** Gives positions to what came into sight since. Any number of processes may call it. */
  async place(): Promise<void> {
    while (await this.isUnplaced()) {
      await this.manager.transaction(async (manager) => {
        // A statement of its own: the next one then sees what the holder before has placed.
        await manager.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK.streamPlacing]);
        await manager.query(
          `UPDATE stream_events AS e SET position = placed.position
             FROM (SELECT id, nextval('stream_positions') AS position
                     FROM (SELECT id FROM stream_events WHERE position IS NULL ORDER BY id LIMIT ${BATCH_SIZE}) AS fresh
                  ) AS placed
            WHERE e.id = placed.id`,
        );
      });
    }
  }

  /** Where a stream of what happens from now on begins. */
  async head(): Promise<number> {
    const [head] = await this.manager.query<{ position: string }[]>(
      'SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS position FROM stream_positions',
    );
    return Number(head?.position ?? 0);
  }

  /** Customers of whom there are events after a position, and the last position there is. */
  async since(position: number): Promise<{ customerIds: string[]; position: number }> {
    const rows = await this.manager.query<{ customerId: string; position: string }[]>(
      `SELECT customer_id AS "customerId", max(position) AS position FROM stream_events
        WHERE position > $1 GROUP BY customer_id`,
      [position],
    );
    return {
      customerIds: rows.map(({ customerId }) => customerId),
      position: rows.reduce((last, row) => Math.max(last, Number(row.position)), position),
    };
  }

  /** The next events in scope after a position, in order. */
  async after(position: number, { customerIds, userId }: StreamScope, limit: number): Promise<StreamEvent[]> {
    const rows = await this.manager.query<(Omit<StreamEvent, 'position'> & { position: string })[]>(
      `SELECT position, kind, subject_id AS "subjectId" FROM stream_events
        WHERE position > $1 AND customer_id = ANY($2) AND (user_id IS NULL OR user_id = $3)
        ORDER BY position LIMIT $4`,
      [position, customerIds, userId, limit],
    );
    return rows.map((row) => ({ ...row, position: Number(row.position) }));
  }

  /** Whether all that came after the position is still there. */
  async reachesBackTo(position: number): Promise<boolean> {
    const [found] = await this.manager.query<{ earliest: string | null; head: string }[]>(
      `SELECT (SELECT min(position) FROM stream_events) AS earliest,
              (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM stream_positions) AS head`,
    );
    const head = Number(found?.head ?? 0);
    const earliest = found?.earliest === null || found === undefined ? head + 1 : Number(found.earliest);
    return position <= head && position >= earliest - 1;
  }

  /** Removes what nobody comes back for any more. */
  async purge(): Promise<void> {
    await this.manager.query(`DELETE FROM stream_events WHERE created_at < now() - interval '${KEPT}'`);
  }

  private async isUnplaced(): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      'SELECT 1 FROM stream_events WHERE position IS NULL LIMIT 1',
    );
    return rows.length > 0;
  }
}
