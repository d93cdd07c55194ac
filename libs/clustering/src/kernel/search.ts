import { bestOf } from './crossover.js';
import type { Optimum } from './descent.js';
import type { Layout } from './memory.js';
import type { Task, TaskOutcome } from './tasks.js';

/** How much work goes into one k; see effortFor. */
export interface Effort {
  starts: number;
  /** Swaps tried with every start. */
  swaps: number;
  /** Children bred on each level, smallest sample first. */
  children: number[];
  /** Optima carried on to each level after the first. */
  carried: number[];
}

/** Runs a task in whichever thread is free. */
export type RunTask = (task: Task) => Promise<TaskOutcome>;

const startsOf = (k: number, effort: Effort): number => (k === 1 ? 1 : effort.starts);

/** How often a search reports a step. */
export const stepsOf = (k: number, layout: Layout, effort: Effort): number =>
  startsOf(k, effort) + layout.levels.length + 1;

/**
 * The best clustering into k that the effort finds, with its labels: starts on the smallest sample, each improved by
 * swaps, then bred; the best carried over to the next larger sample and so on to all points, where the best is
 * brought to full convergence.
 */
export async function search(
  k: number,
  layout: Layout,
  effort: Effort,
  run: RunTask,
  onStep: () => void,
): Promise<TaskOutcome> {
  const last = layout.levels.length - 1;
  const all = async (tasks: Task[], onEach = (): void => {}): Promise<Optimum[]> => {
    const outcomes = tasks.map(async (task) => {
      const { optima } = await run(task);
      onEach();
      return optima;
    });
    return (await Promise.all(outcomes)).flat();
  };
  let optima = await all(
    Array.from({ length: startsOf(k, effort) }, (_, start) => {
      return { kind: 'start', k, level: 0, start, swaps: effort.swaps };
    }),
    onStep,
  );
  for (let level = 0; level <= last; level += 1) {
    if (level > 0) {
      const carried = bestOf(optima, effort.carried[level - 1]!);
      optima = await all(carried.map((optimum) => ({ kind: 'refine', k, level, optimum })));
    }
    const children = effort.children[level]!;
    if (children > 0 && optima.length > 1) {
      ({ optima } = await run({ kind: 'evolve', k, level, optima, children }));
    }
    onStep();
  }
  const outcome = await run({ kind: 'finish', k, level: last, optimum: bestOf(optima, 1)[0]! });
  onStep();
  return outcome;
}
