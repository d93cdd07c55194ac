import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/logging';
import { TaskService } from '@app/tasks';
import type { Response } from 'express';
import { toTaskResponse } from './task.schemas.js';

const POLL_MS = 300;
const HEARTBEAT_MS = 15_000;
/** No stream outlives the access it was opened with for long; clients open it again. */
const LIFETIME_MS = 15 * 60 * 1000;

/** Streams of server-sent events, each about one task. */
@Injectable()
export class TaskEvents implements OnModuleDestroy {
  private readonly shutdown = new AbortController();

  constructor(
    private readonly tasks: TaskService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleDestroy(): void {
    this.shutdown.abort();
  }

  /**
   * Sends the task as it is, and again whenever it changes, until it is finished or the client has gone.
   * With `onlyHead` nothing but the headers is sent.
   */
  async stream(taskId: string, response: Response, onlyHead: boolean): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    response.status(200).set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    if (!onlyHead) {
      const ends = AbortSignal.any([gone.signal, this.shutdown.signal, AbortSignal.timeout(LIFETIME_MS)]);
      await this.follow(taskId, response, ends).catch((err: unknown) => {
        if (!ends.aborted) this.logger.warn({ err, taskId }, 'a stream of events was cut');
      });
    }
    response.end();
  }

  private async follow(taskId: string, response: Response, ends: AbortSignal): Promise<void> {
    let sent = '';
    let sentAt = 0;
    while (!ends.aborted) {
      const task = await this.tasks.get(taskId);
      const data = JSON.stringify(toTaskResponse(task));
      if (data !== sent) response.write(`event: task\ndata: ${data}\n\n`);
      else if (Date.now() - sentAt > HEARTBEAT_MS) response.write(': still here\n\n');
      else {
        await sleep(POLL_MS, undefined, { signal: ends });
        continue;
      }
      sent = data;
      sentAt = Date.now();
      if (task.finishedAt !== null) return;
    }
  }
}
