import type { TaskProgress } from './task.entity.js';
import type { ProgressReport } from './task-handler.js';

// A rate from less than this says nothing yet.
const MIN_ELAPSED_MS = 100;

/** Derives speed and remaining time from progress reports; starts anew where the unit changes. */
export class ProgressMeter {
  private begin: { unit: string; done: number; at: number } | undefined;
  private latest: TaskProgress | null = null;

  get current(): TaskProgress | null {
    return this.latest;
  }

  /** @param now milliseconds of a clock that never goes back */
  report({ done, total, unit, phase }: ProgressReport, now: number): void {
    if (this.begin?.unit !== unit || done < this.begin.done) this.begin = { unit, done, at: now };
    const elapsed = now - this.begin.at;
    const rate = elapsed < MIN_ELAPSED_MS ? null : ((done - this.begin.done) * 1000) / elapsed;
    this.latest = {
      done,
      total,
      unit,
      phase: phase ?? null,
      ratePerSecond: rate === null ? null : round(rate),
      etaSeconds: done >= total ? 0 : rate === null || rate === 0 ? null : round((total - done) / rate),
    };
  }
}

const round = (value: number): number => Math.round(value * 10) / 10;
