import { Injectable } from '@nestjs/common';
import type { TaskKind } from '@app/messaging';
import type { TaskHandler } from './task-handler.js';

/** The handlers this process knows. Each domain lib registers its own at start, in both apps. */
@Injectable()
export class TaskHandlers {
  private readonly byKind = new Map<TaskKind, TaskHandler>();

  /** @throws Error where the kind has a handler already. */
  register(handler: TaskHandler): void {
    if (this.byKind.has(handler.kind)) throw new Error(`Two handlers for tasks of kind ${handler.kind}.`);
    this.byKind.set(handler.kind, handler);
  }

  has(kind: TaskKind): boolean {
    return this.byKind.has(kind);
  }

  /** @throws Error where nobody registered the kind. */
  of(kind: TaskKind): TaskHandler {
    const handler = this.byKind.get(kind);
    if (handler === undefined) throw new Error(`No handler for tasks of kind ${kind}.`);
    return handler;
  }
}
