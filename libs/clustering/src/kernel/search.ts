import { bestOf } from './crossover.js';
import type { Optimum } from './descent.js';
import type { Effort } from './effort.js';
import type { Task, TaskOutcome } from './tasks.js';

/** Runs a task in whichever thread is free. */
export type RunTask = (task: Task) => Promise<TaskOutcome>;

const startsOf = (k: number, { starts }: Effort): number => (k === 1 ? 1 : starts);

/** How often a search reports a step. */
export const stepsOf = (k: number, effort: Effort): number => startsOf(k, effort) + effort.stages.length + 1;

/**
 * The best clustering into k that the effort finds, with its labels: starts on small samples, each improved by
 * swaps, then bred; the best of each sample carried on to the next stage and so on to all points, where the best is
 * brought to full convergence. What a task does depends only on the points, the settings and the outcomes before it,
 * never on the time or thread it ran in.
 */
export async function search(
  k: number,
  effort: Effort,
  run: RunTask,
  onStep: () => void,
): Promise<TaskOutcome> {
  const starts = Array.from({ length: startsOf(k, effort) }, (_, start) => start);
  let found: Optimum[] = [];
  for (const [index, { sets, swaps, children, patience }] of effort.stages.entries()) {
    const perSet = await Promise.all(
      sets.map(async (set, place) => {
        const tasks: Task[] =
          index === 0
            ? starts
                .filter((start) => start % sets.length === place)
                .map((start) => ({ kind: 'start', k, set, start, swaps, patience }))
            : found.map((optimum, rank) => ({ kind: 'refine', k, set, rank, optimum, swaps, patience }));
        const outcomes = await Promise.all(
          tasks.map(async (task) => {
            const outcome = await run(task);
            if (index === 0) {
              onStep();
            }
            return outcome.optima;
          }),
        );
        const optima = outcomes.flat();
        return children > 0 && optima.length > 1
          ? (await run({ kind: 'evolve', k, set, optima, children, patience })).optima
          : optima;
      }),
    );
    const keep = effort.stages[index + 1]?.carried ?? 1;
    // Inertias of different samples do not compare, so each sample sends as many.
    found = perSet.flatMap((optima) => bestOf(optima, Math.ceil(keep / sets.length)));
    onStep();
  }
  const outcome = await run({ kind: 'finish', k, set: effort.samples.length, optimum: found[0]! });
  onStep();
  return outcome;
}
