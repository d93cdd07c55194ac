import { evolve } from './crossover.js';
import { descend, finish, type Optimum } from './descent.js';
import type { Layout } from './memory.js';
import { Random } from './random.js';
import { seedCentroids } from './seeding.js';
import { improveBySwaps } from './swaps.js';
import { Workspace } from './workspace.js';

/** One piece of work. Its outcome depends on the points, the settings and these fields alone, never on the thread. */
export type Task = { k: number } & (
  | { kind: 'start'; set: number; start: number; swaps: number }
  | { kind: 'refine'; set: number; optimum: Optimum }
  | {
      kind: 'evolve';
      set: number;
      /** Number of the population; each draws random numbers of its own. */
      population: number;
      optima: Optimum[];
      bred: number;
      children: number;
    }
  | { kind: 'finish'; optimum: Optimum }
);

export interface TaskOutcome {
  /** One, or of an evolution the whole population, best first. */
  optima: Optimum[];
  /** Of a finish only: the cluster of every point. */
  labels?: Int32Array;
}

/** What every thread needs to know besides the memory. */
export interface TaskSettings {
  seed: number;
  /** Movement of the centroids (see DescentOptions) at which every descent but the last ends. */
  movement: number;
  maxIterations: number;
}

/** Random numbers of evolutions must not repeat those of starts, which count from 0. */
const EVOLUTION = 2 ** 31;
/** Children of one population are fewer. */
const CHILDREN = 2 ** 16;

/** Does tasks one after the other in the thread that made it. */
export class TaskSolver {
  private readonly workspace: Workspace;

  constructor(
    memory: WebAssembly.Memory,
    private readonly layout: Layout,
    thread: number,
    private readonly settings: TaskSettings,
  ) {
    this.workspace = new Workspace(memory, layout, thread);
  }

  /** Throws Stopped. */
  solve(task: Task): TaskOutcome {
    const { seed, maxIterations } = this.settings;
    const { workspace, layout } = this;
    const { k } = task;
    if (task.kind === 'finish') {
      const all = layout.sets.at(-1)!;
      const near = descend(workspace, all, k, task.optimum.centroids, { movement: 0, maxIterations });
      const optimum = finish(workspace, k, near.centroids, maxIterations);
      return {
        optima: [{ ...optimum, iterations: near.iterations + optimum.iterations }],
        labels: workspace.labels.view.slice(0, layout.n),
      };
    }
    const set = layout.sets[task.set]!;
    const descendOnSet = (start: Float64Array): Optimum => descend(workspace, set, k, start, this.settings);
    switch (task.kind) {
      case 'start': {
        const random = new Random(seed, k, task.start);
        const optimum = descendOnSet(seedCentroids(workspace, set, k, random));
        return { optima: [improveBySwaps(workspace, set, optimum, task.swaps, random, descendOnSet)] };
      }
      case 'refine':
        return { optima: [descendOnSet(task.optimum.centroids)] };
      case 'evolve': {
        const random = new Random(seed, k, EVOLUTION + task.population * CHILDREN + task.bred);
        return { optima: evolve(task.optima, task.children, random, descendOnSet) };
      }
    }
  }
}
