/** Work that is done again and again in a process, with a pause before each time and never twice at once. */
export class Rounds {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  /**
   * @param pauseMs milliseconds before the first round and between the end of one and the begin of the next
   * @param round does the work; it must not reject
   */
  constructor(
    private readonly pauseMs: number,
    private readonly round: () => Promise<void>,
  ) {}

  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.round().finally(() => this.start());
    }, this.pauseMs);
  }

  /** No round begins any more; resolves once the one that runs is over. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }
}
