import { expect, it } from 'vitest';
import { storable } from './storable-text.js';

it('replaces what Postgres cannot store in texts and names, at any depth', () => {
  expect(storable({ 'a\0': ['x\0y', { b: '\ud800' }], n: 1, e: null, whole: '😀' })).toEqual({
    'a\uFFFD': ['x\uFFFDy', { b: '\uFFFD' }],
    n: 1,
    e: null,
    whole: '😀',
  });
});
