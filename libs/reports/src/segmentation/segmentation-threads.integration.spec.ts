import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { SegmentationJob } from './segment-shoppers.js';
import type { ThreadOptions } from './segmentation-threads.js';

type Module = typeof import('./segmentation-threads.js');

// The built file: its thread is a file beside it.
const built = new URL(
  '../../../../dist/libs/reports/src/segmentation/segmentation-threads.js',
  import.meta.url,
);
const { SegmentationThreads } = (await import(fileURLToPath(built))) as Module;

/** Values without any groups, so that k-means has work to do. */
function job(shoppers: number): SegmentationJob {
  const columns = [7, 11, 13].map((step) => {
    const column = new Float64Array(new SharedArrayBuffer(8 * shoppers));
    return column.map((_, row) => (row * step * 7919) % 10_007);
  });
  const names = ['recencyDays', 'frequency', 'monetary'];
  return {
    request: {
      columns,
      names,
      transform: 'log1p',
      scaling: 'standard',
      k: 'auto',
      kMin: 3,
      kMax: 6,
      seed: 0,
    },
    groups: null,
    revenue: null,
    habits: null,
    currency: null,
  };
}

const never = new AbortController().signal;

describe('SegmentationThreads', () => {
  const threads = new SegmentationThreads();
  afterAll(() => threads.onModuleDestroy());

  /** All that is told of a job. */
  async function outcomeOf(demand: SegmentationJob, options: Partial<ThreadOptions> = {}) {
    const run = threads.run(demand, { signal: never, onProgress: () => undefined, ...options });
    return { ...(await run.segmented), ...(await run.judged) };
  }

  it('answers the same every time, step by step', async () => {
    const phases: string[] = [];
    const onProgress = (phase: string): void => void phases.push(phase);
    const first = await outcomeOf(job(5000), { onProgress });
    const second = await outcomeOf(job(5000), { onProgress });
    expect(second).toEqual(first);
    expect([...new Set(phases)]).toEqual(['clustering', 'scoring']);
  });

  // What blocks by itself does so in each of five runs; a busy machine does not.
  it('does not hold up the process', { retry: 4 }, async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await outcomeOf(job(5000));
    delay.disable();
    expect(delay.max / 1e6).toBeLessThan(100);
  });

  it('tells what is wrong with the data', async () => {
    const { request, ...rest } = job(100);
    const columns = [1, 2, 3].map((value) => new Float64Array(100).fill(value));
    const demand = { ...rest, request: { ...request, columns } };
    await expect(outcomeOf(demand)).rejects.toMatchObject({
      code: 'unprocessable',
      detail: 'All points are alike; there is nothing to tell them apart by.',
    });
  });

  // What goes on by itself does so in each of five runs; a busy machine is not slow each time.
  it('ends within a second of a cancel', { retry: 4 }, async () => {
    const controller = new AbortController();
    let cancelledAt = 0;
    const onProgress = (): void => {
      cancelledAt ||= performance.now();
      controller.abort(new Error('cancelled'));
    };
    const running = outcomeOf(job(100_000), { signal: controller.signal, onProgress });
    await expect(running).rejects.toThrow('cancelled');
    expect(performance.now() - cancelledAt).toBeLessThan(1000);
  });
});
