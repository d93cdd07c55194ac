import { clock } from './profile.js';

/**
 * Does something `count` times, or as often as there is time for. In several lanes, what waits in one leaves the processor
 * to the others.
 * @returns how often it was done, which is what may be said of a run
 */
export async function repeat(
  count: number,
  work: (index: number) => Promise<void>,
  lanes = 1,
): Promise<number> {
  const goesOn = clock();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count && goesOn()) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane));
  return next;
}
