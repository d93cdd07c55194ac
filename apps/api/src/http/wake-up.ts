import { setTimeout as sleep } from 'node:timers/promises';

/** For who looks and then waits for news, in turn. News that come during a look are not missed: the wait after it ends at once. */
export class WakeUp {
  private hasNews = false;
  private resume: (() => void) | undefined;

  ring(): void {
    this.hasNews = true;
    this.resume?.();
  }

  /** Until it rings, or has since the last wait; at most for `milliseconds` and until `ends` is aborted. */
  async wait(milliseconds: number, ends: AbortSignal): Promise<void> {
    if (!this.hasNews) {
      const woken = new AbortController();
      this.resume = () => woken.abort();
      await sleep(milliseconds, undefined, { signal: AbortSignal.any([ends, woken.signal]) }).catch(
        () => undefined,
      );
    }
    this.hasNews = false;
  }
}
