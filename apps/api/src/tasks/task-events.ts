import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/logging';
import { BroadcastListener } from '@app/messaging';
import { TaskService } from '@app/tasks';
import type { Response } from 'express';
import { EventStream } from '../http/event-stream.js';
import { WakeUp } from '../http/wake-up.js';
import { toTaskResponse } from './task.schemas.js';

/** Between two looks where nothing was heard of; shorter without a broker, as nobody tells then. */
const LOOK_MS = 2000;
const LOOK_UNTOLD_MS = 300;

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
    const stream = new EventStream(response, this.shutdown.signal);
    if (!onlyHead) {
      await this.follow(taskId, stream).catch((err: unknown) => {
        if (!stream.ends.aborted) this.logger.warn({ err, taskId }, 'a stream of events was cut');
      });
    }
    stream.close();
  }

  private async follow(taskId: string, stream: EventStream): Promise<void> {
    let sent = '';
    const change = new WakeUp();
    const forget = this.changes.on({ subject: 'task', id: taskId }, () => change.ring());
    try {
      while (!stream.ends.aborted) {
        const task = await this.tasks.get(taskId);
        const data = JSON.stringify(toTaskResponse(task));
        if (data === sent) await stream.keepAlive();
        else await stream.send('task', data);
        sent = data;
        if (task.finishedAt !== null) return;
        await change.wait(this.changes.isListening ? LOOK_MS : LOOK_UNTOLD_MS, stream.ends);
      }
    } finally {
      forget();
    }
  }
}
