import { bestOf } from './crossover.js';
import type { Optimum } from './descent.js';
import type { Effort } from './effort.js';
import type { Task, TaskOutcome } from './tasks.js';

/** Runs a task in whichever thread is free. */
export type RunTask = (task: Task) => Promise<TaskOutcome>;

/** Children of one task: few, as the calling thread's event loop waits for a task. */
const BROOD = 8;
/** More than any stage works on. */
const MOST_SETS = 64;

const startsOf = (k: number, { starts }: Effort): number => (k === 1 ? 1 : starts);

/** How often a search reports a step. */
export const stepsOf = (k: number, effort: Effort): number => startsOf(k, effort) + effort.stages.length + 1;

/**
 * The best clustering into k that the effort finds, with its labels: starts on a small sample, each improved by swaps,
 * then bred; the best carried on to a larger one and so on to all points, where the best is brought to full
 * convergence. What a task does depends only on the points, the settings and the outcomes before it, never on the
 * time or thread it ran in.
 */
export async function search(
  k: number,
  effort: Effort,
  run: RunTask,
  onStep: () => void,
): Promise<TaskOutcome> {
  const starts = Array.from({ length: startsOf(k, effort) }, (_, start) => start);
  let found: Optimum[] = [];
  for (const [index, { sets, swaps, children }] of effort.stages.entries()) {
    const onSet = async (set: number, place: number): Promise<Optimum[]> => {
      const population = index * MOST_SETS + place;
      const tasks: Task[] =
        index === 0
          ? starts
              .filter((start) => start % sets.length === place)
              .map((start) => ({ kind: 'start', k, set, start, swaps }))
          : found.map((optimum) => ({ kind: 'refine', k, set, optimum }));
      const outcomes = await Promise.all(
        tasks.map(async (task) => {
          const outcome = await run(task);
          if (task.kind === 'start') {
            onStep();
          }
          return outcome;
        }),
      );
      let optima = outcomes.flatMap((outcome) => outcome.optima);
      for (let bred = 0; bred < children && optima.length > 1; bred += BROOD) {
        const brood = Math.min(BROOD, children - bred);
        ({ optima } = await run({ kind: 'evolve', k, set, population, optima, bred, children: brood }));
      }
      return optima;
    };
    // Inertias of different samples do not compare, so each sample sends as many.
    const keep = effort.stages[index + 1]?.carried ?? 1;
    found = (await Promise.all(sets.map(onSet))).flatMap((optima) => bestOf(optima, keep));
    onStep();
  }
  const outcome = await run({ kind: 'finish', k, optimum: found[0]! });
  onStep();
  return outcome;
}
