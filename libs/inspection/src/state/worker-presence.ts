import { hostname } from 'node:os';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/logging';
import { DataSource } from 'typeorm';

const RENEW_EVERY_MS = 10_000;
/** A worker that was not seen for so long is gone. */
export const GONE_AFTER_SECONDS = 45;

/** What a worker takes; given by the app. */
export interface WorkerDuties {
  queues: readonly string[];
  concurrency: number;
}

/** Injection token of {@link WorkerDuties}. */
export const WORKER_DUTIES = Symbol('worker duties');

/** The name of this process among the workers, and how the leases of its tasks begin. */
export const workerName = (): string => `${hostname()}:${process.pid}`;

/** Tells operators that this worker is there: a row that it renews while it lives. Nothing else depends on it. */
@Injectable()
export class WorkerPresence implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(WORKER_DUTIES) private readonly duties: WorkerDuties,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.renew();
    this.timer = setInterval(() => this.renew(), RENEW_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
    await this.write('DELETE FROM workers WHERE name = $1', [workerName()]);
  }

  private renew(): void {
    this.running = this.write(
      `WITH gone AS (DELETE FROM workers WHERE seen_at < now() - interval '1 day')
       INSERT INTO workers (name, queues, concurrency) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET queues = $2, concurrency = $3, seen_at = now()`,
      [workerName(), this.duties.queues, this.duties.concurrency],
    );
  }

  private async write(sql: string, values: unknown[]): Promise<void> {
    await this.dataSource
      .query(sql, values)
      .catch((err: unknown) =>
        this.logger.debug({ err }, 'the presence of this worker could not be written'),
      );
  }
}
