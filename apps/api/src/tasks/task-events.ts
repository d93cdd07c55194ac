import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/logging';
import { BroadcastListener } from '@app/messaging';
import { TaskService } from '@app/tasks';
import type { Response } from 'express';
import { toTaskResponse } from './task.schemas.js';

/** Between two looks where nothing was heard of; shorter without a broker, as nobody tells then. */
const LOOK_MS = 2000;
const LOOK_UNTOLD_MS = 300;
const HEARTBEAT_MS = 15_000;
/** No stream outlives the access it was opened with for long; clients open it again. */
const LIFETIME_MS = 15 * 60 * 1000;

/** Streams of server-sent events, each about one task. */
@Injectable()
export class TaskEvents implements OnModuleDestroy {
  private readonly shutdown = new AbortController();

  constructor(
    private readonly tasks: TaskService,
    private readonly changes: BroadcastListener,
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
    let hasChanged = true;
    let wake: (() => void) | undefined;
    const forget = this.changes.on({ subject: 'task', id: taskId }, () => {
      hasChanged = true;
      wake?.();
    });
    try {
      while (!ends.aborted) {
        // Before the task is read: a change while it is read is not missed.
        hasChanged = false;
        const task = await this.tasks.get(taskId);
        const data = JSON.stringify(toTaskResponse(task));
        const news = data === sent ? ': still here' : `event: task\ndata: ${data}`;
        if (data !== sent || Date.now() - sentAt > HEARTBEAT_MS) {
          response.write(`${news}\n\n`);
          sentAt = Date.now();
        }
        sent = data;
        if (task.finishedAt !== null) return;
        if (!hasChanged) await this.pause(ends, (resume) => (wake = resume));
      }
    } finally {
      forget();
    }
  }

  /** Until woken, or until it is time to look without having been told. */
  private async pause(ends: AbortSignal, wakeable: (resume: () => void) => void): Promise<void> {
    const woken = new AbortController();
    wakeable(() => woken.abort());
    const milliseconds = this.changes.isListening ? LOOK_MS : LOOK_UNTOLD_MS;
    await sleep(milliseconds, undefined, { signal: AbortSignal.any([ends, woken.signal]) }).catch(
      () => undefined,
    );
  }
}
