import { Problem } from '@app/problems';
import { describe, expect, test } from 'vitest';
import { classifyFailure, LeaseLost, PermanentError, ShuttingDown, TryAgainLater } from './failures.js';

describe('D6: a failure', () => {
  test('that concerns the input is permanent, and told as it is', () => {
    expect(classifyFailure(new Problem('unprocessable', 'No header.'))).toEqual({
      kind: 'permanent',
      error: { code: 'unprocessable', message: 'No header.' },
    });
    expect(classifyFailure(new PermanentError('file_too_complex', 'Too many columns.'))).toEqual({
      kind: 'permanent',
      error: { code: 'file_too_complex', message: 'Too many columns.' },
    });
  });

  test('that knows when to try again is transient, with that pause', () => {
    expect(classifyFailure(new TryAgainLater('delivery_failed', 'Not now.', 60_000))).toEqual({
      kind: 'transient',
      error: { code: 'delivery_failed', message: 'Not now.' },
      delayMs: 60_000,
    });
  });

  test('that time mends is transient', () => {
    expect(classifyFailure(new Problem('unavailable', 'The storage is full.'))).toEqual({
      kind: 'transient',
      error: { code: 'unavailable', message: 'The storage is full.' },
    });
  });

  test.each([new Error('password=hunter2'), 'hunter2', undefined, null, { hunter2: true }])(
    'S14: that nobody expected is transient, and tells nothing internal: %s',
    (thrown) => {
      const failure = classifyFailure(thrown);
      expect(failure).toMatchObject({ kind: 'transient', error: { code: 'internal_error' } });
      expect(JSON.stringify(failure)).not.toContain('hunter2');
    },
  );

  test('of an attempt that was stopped says nothing about the task', () => {
    expect(classifyFailure(new LeaseLost())).toEqual({ kind: 'lost' });
    expect(classifyFailure(new ShuttingDown())).toEqual({ kind: 'interrupted' });
  });
});
