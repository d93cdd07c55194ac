import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Rounds } from './rounds.js';

const PAUSE_MS = 1000;

let begun: number;
let end: () => void;
let rounds: Rounds;

beforeEach(() => {
  vi.useFakeTimers();
  begun = 0;
  rounds = new Rounds(PAUSE_MS, () => {
    begun += 1;
    return new Promise((resolve) => (end = resolve));
  });
  rounds.start();
});
afterEach(() => vi.useRealTimers());

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('rounds', () => {
  it('begin after a pause, and again a pause after the end of the one before', async () => {
    await pass(PAUSE_MS - 1);
    expect(begun).toBe(0);
    await pass(1);
    expect(begun).toBe(1);
    await pass(5 * PAUSE_MS);
    expect(begun).toBe(1);
    end();
    await pass(PAUSE_MS - 1);
    expect(begun).toBe(1);
    await pass(1);
    expect(begun).toBe(2);
  });

  it('are over once they are stopped, after the end of the one that runs', async () => {
    await pass(PAUSE_MS);
    let isStopped = false;
    const stopping = rounds.stop().then(() => (isStopped = true));
    await pass(PAUSE_MS);
    expect(isStopped).toBe(false);
    end();
    await stopping;
    await pass(5 * PAUSE_MS);
    expect(begun).toBe(1);
  });

  it('do not begin where they are stopped in a pause', async () => {
    await rounds.stop();
    await pass(5 * PAUSE_MS);
    expect(begun).toBe(0);
  });
});
