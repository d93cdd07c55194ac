import { expect, it } from 'vitest';
import { sourceFiles } from './source-files.js';

/**
 * Node 20 collects a timeout to which only AbortSignal.any refers, and what waits for it waits for ever
 * (https://github.com/nodejs/node/issues/57736). The controller of a timer is not collected.
 */
it('no deadline is an AbortSignal.timeout within AbortSignal.any', () => {
  const hanging = sourceFiles('apps', 'libs').filter(({ text }) =>
    /AbortSignal\.any\([^;]*AbortSignal\.timeout/.test(text),
  );
  expect(hanging.map(({ path }) => path)).toEqual([]);
});
