import { AsyncLocalStorage } from 'node:async_hooks';
import { Problem } from '@app/problems';

export interface QueryGateOptions {
  running: number;
  waiting: number;
  /** Longest wait for a place. */
  waitMilliseconds: number;
}

interface Waiter {
  admit: () => void;
}

/** Lets a bounded number of queries run and wait: a query holds one of the few threads that Node has for I/O. */
export class QueryGate {
  private running = 0;
  private readonly queue: Waiter[] = [];
  /** Set within `run`: work that is admitted may ask again without waiting for itself. */
  private readonly admitted = new AsyncLocalStorage<true>();

  constructor(private readonly options: QueryGateOptions) {}

  /** @throws Problem unavailable where too many wait already, or the wait took too long */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.admitted.getStore() === true) return work();
    await this.enter();
    try {
      return await this.admitted.run(true, work);
    } finally {
      this.running -= 1;
      this.queue.shift()?.admit();
    }
  }

  /** @throws Problem unavailable where one more would be refused now */
  refuseIfFull(): void {
    const { running, waiting } = this.options;
    if (this.running >= running && this.queue.length >= waiting) throw this.busy();
  }

  private async enter(): Promise<void> {
    this.refuseIfFull();
    if (this.running < this.options.running) {
      this.running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        admit: () => {
          clearTimeout(timer);
          this.running += 1;
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.queue.splice(this.queue.indexOf(waiter), 1);
        reject(this.busy());
      }, this.options.waitMilliseconds);
      this.queue.push(waiter);
    });
  }

  private busy(): Problem {
    return new Problem('unavailable', 'Too many queries are running. Please try again.', {
      retryAfterSeconds: Math.ceil(this.options.waitMilliseconds / 1000),
    });
  }
}
