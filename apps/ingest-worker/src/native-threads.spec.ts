import { expect, test } from 'vitest';
import { requireThreads } from './native-threads.js';

test.each(['16', '64'])('%s native threads are enough', (given) => {
  expect(() => requireThreads(given)).not.toThrow();
});

test.each(['4', '15', '', 'many'])('%o native threads are refused in one sentence', (given) => {
  expect(() => requireThreads(given)).toThrow(/^UV_THREADPOOL_SIZE: .*UV_THREADPOOL_SIZE=16/);
});
