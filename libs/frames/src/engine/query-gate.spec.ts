import { describe, expect, it } from 'vitest';
import { QueryGate } from './query-gate.js';

const OPTIONS = { running: 2, waiting: 1, waitMilliseconds: 50 };
const busy = { code: 'unavailable', retryAfterSeconds: 1 };

/** Work that ends when it is told to. */
function held(): { work: () => Promise<string>; end: () => void } {
  let release: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { work: () => ended.then(() => 'done'), end: () => release?.() };
}

describe('QueryGate', () => {
  it('runs two, lets one wait, refuses the next', async () => {
    const gate = new QueryGate({ ...OPTIONS, waitMilliseconds: 10_000 });
    const [first, second, third] = [held(), held(), held()];
    const running = [gate.run(first.work), gate.run(second.work)];
    const waiting = gate.run(third.work);
    await expect(gate.run(() => Promise.resolve('late'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(() => gate.refuseIfFull()).toThrow('Too many queries');
    first.end();
    third.end();
    await expect(waiting).resolves.toBe('done');
    second.end();
    await expect(Promise.all(running)).resolves.toEqual(['done', 'done']);
    expect(() => gate.refuseIfFull()).not.toThrow();
    await expect(gate.run(() => Promise.resolve('again'))).resolves.toBe('again');
  });

  it('gives up waiting after a while', async () => {
    const gate = new QueryGate(OPTIONS);
    const [first, second] = [held(), held()];
    const running = [gate.run(first.work), gate.run(second.work)];
    await expect(gate.run(() => Promise.resolve('never'))).rejects.toMatchObject(busy);
    first.end();
    second.end();
    await Promise.all(running);
  });

  it('frees the place of work that fails', async () => {
    const gate = new QueryGate({ running: 1, waiting: 0, waitMilliseconds: 50 });
    await expect(gate.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(gate.run(() => Promise.resolve('next'))).resolves.toBe('next');
  });

  it('never makes admitted work wait for itself', async () => {
    const gate = new QueryGate({ running: 1, waiting: 0, waitMilliseconds: 50 });
    await expect(gate.run(() => gate.run(() => Promise.resolve('inner')))).resolves.toBe('inner');
  });
});
