import { Injectable } from '@nestjs/common';
import { Publisher } from '../publisher.js';

/** Says that a row has changed; what it is now stands in Postgres. */
export interface ChangeNotice {
  /** `task`, for example. */
  subject: string;
  id: string;
}

/**
 * Tells every process that listens that something has changed. Nothing is promised: without a broker the notice is
 * gone, so listeners look at the rows themselves every now and then.
 */
@Injectable()
export class Broadcast {
  constructor(private readonly publisher: Publisher) {}

  /** After the commit. Never fails and does not wait. */
  changed(notice: ChangeNotice): void {
    this.publisher.broadcast(notice);
  }
}
