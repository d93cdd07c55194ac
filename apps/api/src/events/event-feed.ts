import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { LOGGER, type Logger } from '@app/logging';
import { BroadcastListener } from '@app/messaging';
import { Rounds } from '@app/rounds';
import { StreamJournal } from '@app/stream';
import { TaskEntity } from '@app/tasks';
import { type EntityManager, In, Not } from 'typeorm';
import { type TaskResponse, toTaskResponse } from '../tasks/task.schemas.js';

/** One stream that is open here. */
export interface Follower {
  /** Of these it wants to hear. */
  customerIds: ReadonlySet<string>;
  /** There are rows it has not read. */
  wake(): void;
  /** How far a running task is: of the moment, not kept. */
  progress(task: TaskResponse): void;
}

/** Between two looks; what is heard of in between is looked at in the next one. */
const LOOK_MS = 100;
/** Without being told of anything. */
const UNTOLD_LOOK_MS = 2000;

/** Looks into the stream of events once for all clients of this process, and wakes those whom the news concerns. */
@Injectable()
export class EventFeed implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly followers = new Set<Follower>();
  private readonly rounds: Rounds;
  private readonly progressed = new Set<string>();
  private position = 0;
  private hasHeard = true;
  private lookedAt = 0;
  private isFailing = false;
  private ignore: (() => void) | undefined;

  constructor(
    private readonly journal: StreamJournal,
    private readonly changes: BroadcastListener,
    @InjectEntityManager() private readonly manager: EntityManager,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.rounds = new Rounds(LOOK_MS, () => this.round());
  }

  onApplicationBootstrap(): void {
    this.ignore = this.changes.onAny((notice) => {
      this.hasHeard = true;
      if (notice?.subject === 'task') this.progressed.add(notice.id);
    });
    this.rounds.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.ignore?.();
    await this.rounds.stop();
  }

  /** @returns what ends that */
  follow(follower: Follower): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  private async round(): Promise<void> {
    const told = this.hasHeard || !this.changes.isListening;
    if (this.followers.size === 0) {
      this.progressed.clear();
      return;
    }
    if (!told && Date.now() - this.lookedAt < UNTOLD_LOOK_MS) return;
    this.hasHeard = false;
    this.lookedAt = Date.now();
    try {
      await this.tellProgress();
      await this.journal.place();
      const { customerIds, position } = await this.journal.since(this.position);
      this.position = position;
      for (const follower of this.followers) {
        if (customerIds.some((id) => follower.customerIds.has(id))) follower.wake();
      }
      this.isFailing = false;
    } catch (err) {
      // Said once, not ten times a second of an outage.
      if (!this.isFailing) this.logger.warn({ err }, 'events cannot be looked at');
      this.isFailing = true;
      this.hasHeard = true;
    }
  }

  private async tellProgress(): Promise<void> {
    const ids = [...this.progressed];
    this.progressed.clear();
    if (ids.length === 0) return;
    const tasks = await this.manager.findBy(TaskEntity, {
      id: In(ids),
      status: 'running',
      kind: Not('delivery'),
    });
    for (const task of tasks) {
      const shown = toTaskResponse(task);
      for (const follower of this.followers) {
        if (follower.customerIds.has(task.customerId)) follower.progress(shown);
      }
    }
  }
}
