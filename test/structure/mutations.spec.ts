import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

// Scripts are plain JavaScript, of which the compiler has no types.
const { MUTATIONS } = (await import(pathToFileURL('scripts/tests/mutations.mjs').href)) as {
  MUTATIONS: { name: string; file: string; replace: string }[];
};

test.each(MUTATIONS)('what the mutation "$name" takes away stands in the built program once', (mutation) => {
  const parts = readFileSync(`dist/${mutation.file}`, 'utf8').split(mutation.replace);
  expect(parts).toHaveLength(2);
});
