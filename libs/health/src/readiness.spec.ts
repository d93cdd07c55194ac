import { expect, test } from 'vitest';
import { Readiness } from './readiness.js';

const up = async (): Promise<void> => undefined;
const down = async (): Promise<void> => {
  throw new Error('no answer');
};
const statusWith = async (...checks: [needed: boolean, check: () => Promise<void>][]): Promise<string> => {
  const dependencies = checks.map(([needed, check], index) => ({ name: `${index}`, needed, check }));
  return (await new Readiness(dependencies).report()).status;
};

test('L7: what is needed and down makes a process unavailable, what is not degrades it', async () => {
  expect(await statusWith([true, up], [false, up])).toBe('ok');
  expect(await statusWith([true, up], [false, down])).toBe('degraded');
  expect(await statusWith([true, down], [false, up])).toBe('unavailable');
});

test('L10: a process that was withdrawn is unavailable at once, though all it needs is there', async () => {
  const readiness = new Readiness([{ name: 'one', needed: true, check: up }]);
  expect((await readiness.report()).status).toBe('ok');
  readiness.withdraw();
  expect(await readiness.report()).toEqual({
    status: 'unavailable',
    dependencies: { one: { status: 'up', needed: true } },
  });
});
