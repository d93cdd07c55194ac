import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { LOGGER, type Logger } from '@app/logging';
import { NotificationService } from '@app/notifications';
import { type StreamEvent, StreamJournal, type StreamScope } from '@app/stream';
import { TaskEntity } from '@app/tasks';
import type { Response } from 'express';
import { type EntityManager, In } from 'typeorm';
import { AccessService, type Principal } from '../access/index.js';
import { EventStream } from '../http/event-stream.js';
import { WakeUp } from '../http/wake-up.js';
import { toNotificationResponse } from '../notifications/notification.schemas.js';
import { type TaskResponse, toTaskResponse } from '../tasks/task.schemas.js';
import { EventFeed } from './event-feed.js';

export interface Following {
  principal: Principal;
  /** The position of the last event that the client has; undefined for a new one. */
  after: number | undefined;
  /** Whether to wait for what comes, or to end once all that was missed is sent. */
  follow: boolean;
}

const BATCH_SIZE = 200;
/** Also without being woken: rights may have changed. */
const LOOK_MS = 10_000;

/** Streams of all that concerns one caller: tasks of the customers, and the caller's own notifications. */
@Injectable()
export class CallerEvents implements OnModuleDestroy {
  private readonly shutdown = new AbortController();

  constructor(
    private readonly feed: EventFeed,
    private readonly journal: StreamJournal,
    private readonly notifications: NotificationService,
    private readonly access: AccessService,
    @InjectEntityManager() private readonly manager: EntityManager,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleDestroy(): void {
    this.shutdown.abort();
  }

  /** Sends until the client has gone, or has all where it does not want to wait. */
  async stream(following: Following, response: Response): Promise<void> {
    // Before the headers: what fails here is answered as a problem.
    const begin = await this.begin(following.after);
    const scope = await this.scope(following.principal);
    const stream = new EventStream(response, this.shutdown.signal);
    try {
      const unread = await this.notifications.unreadCount(scope);
      if (begin.isCut) await stream.send('reset', { reason: 'Earlier events are no longer kept.' });
      await stream.send('ready', { unread }, String(begin.position));
      await this.follow(following, begin.position, scope, stream);
    } catch (err) {
      if (!stream.ends.aborted) this.logger.warn({ err }, 'a stream of events was cut');
    }
    stream.close();
  }

  /** Where the client was, unless what came after that is not kept any more. */
  private async begin(after: number | undefined): Promise<{ position: number; isCut: boolean }> {
    await this.journal.place();
    if (after !== undefined && (await this.journal.reachesBackTo(after)))
      return { position: after, isCut: false };
    return { position: await this.journal.head(), isCut: after !== undefined };
  }

  private async follow(
    { principal, follow }: Following,
    begin: number,
    first: StreamScope,
    stream: EventStream,
  ): Promise<void> {
    const pending = new Map<string, TaskResponse>();
    const customerIds = new Set(first.customerIds);
    const news = new WakeUp();
    const forget = this.feed.follow({
      customerIds,
      wake: () => news.ring(),
      progress: (task) => {
        pending.set(task.id, task);
        news.ring();
      },
    });
    try {
      let position = begin;
      while (!stream.ends.aborted) {
        const scope = await this.scope(principal);
        customerIds.clear();
        for (const id of scope.customerIds) customerIds.add(id);
        const events = await this.journal.after(position, scope, BATCH_SIZE);
        await this.sendAll(events, scope, stream);
        position = events.at(-1)?.position ?? position;
        if (events.length === BATCH_SIZE) continue;
        if (!follow) return;
        const shown = [...pending.values()].filter(({ customerId }) => customerIds.has(customerId));
        pending.clear();
        for (const task of shown) await stream.send('task', task);
        await stream.keepAlive();
        await news.wait(LOOK_MS, stream.ends);
      }
    } finally {
      forget();
    }
  }

  /** Each event with what it is about as that is now; what is gone by now is no news. */
  private async sendAll(
    events: readonly StreamEvent[],
    scope: StreamScope,
    stream: EventStream,
  ): Promise<void> {
    const idsOf = (kind: StreamEvent['kind']): string[] =>
      events.filter((event) => event.kind === kind).map(({ subjectId }) => subjectId);
    const shown = new Map<string, object>();
    const taskIds = idsOf('task');
    const tasks = taskIds.length === 0 ? [] : await this.manager.findBy(TaskEntity, { id: In(taskIds) });
    for (const task of tasks) shown.set(task.id, toTaskResponse(task));
    for (const notification of await this.notifications.byIds(scope, idsOf('notification'))) {
      shown.set(notification.id, toNotificationResponse(notification));
    }
    for (const { kind, subjectId, position } of events) {
      const data = shown.get(subjectId);
      if (data !== undefined) await stream.send(kind, data, String(position));
    }
  }

  private async scope(principal: Principal): Promise<StreamScope> {
    return {
      customerIds: await this.access.visibleCustomerIds(principal),
      userId: principal.userId,
    };
  }
}
