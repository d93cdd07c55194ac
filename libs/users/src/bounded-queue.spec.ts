import { EventEmitter, once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BoundedQueue } from './bounded-queue.js';

describe('S9: BoundedQueue', () => {
  it('runs two at a time, lets three wait and refuses the sixth', async () => {
    const queue = new BoundedQueue(2, 3);
    const gate = new EventEmitter();
    const opened = once(gate, 'open');
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await opened;
      running -= 1;
    };
    const accepted = Array.from({ length: 5 }, () => queue.run(work));
    await expect(queue.run(work)).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: 1 });
    gate.emit('open');
    await Promise.all(accepted);
    expect(most).toBe(2);
    await expect(queue.run(() => Promise.resolve('free again'))).resolves.toBe('free again');
  });

  it('keeps no place for work that failed', async () => {
    const queue = new BoundedQueue(1, 1);
    await expect(queue.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await turn();
    await expect(queue.run(() => Promise.resolve(1))).resolves.toBe(1);
  });
});
