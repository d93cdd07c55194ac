import { Problem } from '@app/problems';

/** Runs at most `running` pieces of work at a time, lets `waiting` more wait and refuses the rest. */
export class BoundedQueue {
  private busy = 0;
  private readonly line: (() => void)[] = [];

  constructor(
    private readonly running: number,
    private readonly waiting: number,
  ) {}

  /** @throws Problem rate_limited where the line is full */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.busy < this.running) {
      this.busy += 1;
      return;
    }
    if (this.line.length >= this.waiting) {
      throw new Problem('rate_limited', 'Too many logins at once, try again in a moment.', {
        retryAfterSeconds: 1,
      });
    }
    await new Promise<void>((resolve) => this.line.push(resolve));
  }

  /** The next in line takes over the place, so that nobody can slip in between. */
  private leave(): void {
    const next = this.line.shift();
    if (next === undefined) this.busy -= 1;
    else next();
  }
}
