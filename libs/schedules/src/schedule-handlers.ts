import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** How work of one kind begins when it is due. */
export interface ScheduleHandler {
  readonly kind: string;
  /**
   * Begins the work, usually by ordering a task, in the transaction that claims the schedule: it happens once however many
   * processes look. What it throws leaves the schedule due; it is tried again in the next round.
   * @param dueAt the time for which it was planned, which may be long past
   */
  due(manager: EntityManager, subjectId: string, dueAt: Date): Promise<void>;
  /** After the commit of what {@link due} did. */
  committed?(): void;
}

/** The handlers this process knows. Each domain lib registers its own at start. */
@Injectable()
export class ScheduleHandlers {
  private readonly byKind = new Map<string, ScheduleHandler>();

  /** @throws Error where the kind has a handler already. */
  register(handler: ScheduleHandler): void {
    if (this.byKind.has(handler.kind)) throw new Error(`Two handlers for schedules of kind ${handler.kind}.`);
    this.byKind.set(handler.kind, handler);
  }

  get kinds(): string[] {
    return [...this.byKind.keys()];
  }

  /** @throws Error where nobody registered the kind. */
  of(kind: string): ScheduleHandler {
    const handler = this.byKind.get(kind);
    if (handler === undefined) throw new Error(`No handler for schedules of kind ${kind}.`);
    return handler;
  }
}
