import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { Random } from './random.js';

// Threads cannot be started from TypeScript, so this runs the built code.
const built = new URL('../../../../dist/libs/clustering/src/kernel/index.js', import.meta.url);
const { kmeansRange } = (await import(built.href)) as typeof import('./index.js');

function mixture(n: number, d: number): Float64Array {
  const random = new Random(11);
  const points = new Float64Array(n * d);
  for (let at = 0; at < points.length; at += 1) {
    const group = Math.floor(at / d) % 5;
    points[at] = group * ((at % d) - 1) + 3 * (random.nextFraction() + random.nextFraction());
  }
  return points;
}

describe('kmeansRange in threads', () => {
  it('gives byte-equal results for 0, 1, 2 and 4 threads', async () => {
    const points = mixture(30_000, 4);
    const ks = [2, 3, 5, 8];
    const expected = await kmeansRange(points, 30_000, 4, ks, { seed: 3, threads: 0 });
    for (const threads of [1, 2, 4]) {
      expect(await kmeansRange(points, 30_000, 4, ks, { seed: 3, threads })).toEqual(expected);
    }
  });

  it('gives byte-equal results in 20 runs, one after the other and side by side', async () => {
    const points = mixture(11_000, 3);
    const run = (): Promise<unknown> => kmeansRange(points, 11_000, 3, [3, 6], { seed: 3, threads: 2 });
    const expected = await run();
    for (let round = 0; round < 15; round += 1) {
      expect(await run()).toEqual(expected);
    }
    for (const result of await Promise.all([run(), run(), run(), run()])) {
      expect(result).toEqual(expected);
    }
  });

  // What goes on by itself does so in each of five runs; a busy machine is not slow each time.
  it('ends within a second of being aborted', { retry: 4 }, async () => {
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const points = mixture(1_000_000, 5);
    let aborted = 0;
    const unwanted = kmeansRange(
      points,
      1_000_000,
      5,
      [20, 25, 30],
      { signal: controller.signal, threads: 2 },
      ({ done }) => {
        if (done === 26) {
          aborted = performance.now();
          controller.abort(reason);
        }
      },
    );
    await expect(unwanted).rejects.toBe(reason);
    expect(aborted).toBeGreaterThan(0);
    expect(performance.now() - aborted).toBeLessThan(1_000);
  });

  // What blocks by itself does so in each of five runs; a busy machine does not.
  it('keeps the event loop free', { retry: 4 }, async () => {
    const points = mixture(1_000_000, 5);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await kmeansRange(points, 1_000_000, 5, [3, 6]);
    delay.disable();
    expect(delay.max / 1e6).toBeLessThan(100);
  });
});
