import { EventEmitter } from 'node:events';
import type { Request, Response } from 'express';
import { expect, test, vi } from 'vitest';
import { RequestGate } from './request-gate.middleware.js';

const LIMIT = 3;

function gate() {
  const send =
    vi.fn<(response: Response, problem: { code: string; retryAfterSeconds: number | undefined }) => void>();
  const requests = new RequestGate(LIMIT, send);
  const ask = (path = '/api/v1/datasets') => {
    const response = Object.assign(new EventEmitter(), {
      setHeader: vi.fn<() => void>(),
    }) as unknown as Response;
    const next = vi.fn<() => void>();
    requests.pass({ path } as Request, response, next);
    return { passed: next.mock.calls.length === 1, response };
  };
  return { ask, send, requests };
}

test('L4: as many requests as allowed pass, one more is refused with Retry-After', () => {
  const { ask, send } = gate();
  expect([ask(), ask(), ask(), ask()].map(({ passed }) => passed)).toEqual([true, true, true, false]);
  expect(send).toHaveBeenCalledOnce();
  expect(send.mock.calls[0]?.[1]).toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
});

test('an answered request makes place, a refused one takes none', () => {
  const { ask } = gate();
  const [first] = [ask(), ask(), ask(), ask()];
  first?.response.emit('close');
  expect([ask(), ask()].map(({ passed }) => passed)).toEqual([true, false]);
});

test.each(['/health/live', '/health/ready', '/metrics', '/api/v1/tasks/7/events'])(
  '%s always passes',
  (path) => {
    const { ask } = gate();
    const passed = Array.from({ length: LIMIT + 2 }, () => ask(path).passed);
    expect(passed).not.toContain(false);
    expect(ask().passed).toBe(true);
  },
);

test('L10: a gate that drains lets none in but those who watch, and waits for all that are inside', async () => {
  const { ask, send, requests } = gate();
  const inside = [ask(), ask()];
  let isDrained = false;
  const drained = requests.drain().then(() => (isDrained = true));
  expect([ask().passed, ask('/health/ready').passed]).toEqual([false, true]);
  expect(send.mock.calls[0]?.[1]).toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
  inside[0]?.response.emit('close');
  await Promise.resolve();
  expect(isDrained).toBe(false);
  inside[1]?.response.emit('close');
  await drained;
  await gate().requests.drain();
});
