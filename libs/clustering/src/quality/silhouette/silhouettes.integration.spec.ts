import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createRandom } from '../../random.js';

// The built file: its threads are files beside it.
const built = new URL('../../../../../dist/libs/clustering/src/index.js', import.meta.url);
const { silhouettes } = (await import(fileURLToPath(built))) as typeof import('../../index.js');

it('silhouettes are byte-equal for 1, 2 and 4 threads', async () => {
  const count = 15_001;
  const random = createRandom(3);
  const values = Float64Array.from({ length: 2 * count }, () => random());
  const labellings = [2, 3, 7].map((k) => ({
    k,
    labels: Uint8Array.from({ length: count }, (_, row) => Math.floor((values[2 * row] ?? 0) * k)),
  }));
  const points = { values, count, names: ['a', 'b'] };
  const answers = [];
  for (const threads of [1, 2, 4]) {
    answers.push(await silhouettes(points, labellings, { seed: 0, exactUpTo: count, threads }));
  }
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});
