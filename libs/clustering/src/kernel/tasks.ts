import { evolve } from './crossover.js';
import { Descent, type Optimum } from './descent.js';
import { type Layout, Workspace } from './memory.js';
import { Random } from './random.js';
import { seedCentroids } from './seeding.js';
import { improveBySwaps } from './swaps.js';

/** One piece of work. Its outcome depends on the points, the settings and these fields alone, never on the thread. */
export type Task = { k: number; level: number } & (
  | { kind: 'start'; start: number; swaps: number }
  | { kind: 'refine'; optimum: Optimum }
  | { kind: 'evolve'; optima: Optimum[]; children: number }
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
  /** Movement of the centroids (see DescentOptions) at which every descent but a finish ends. */
  movement: number;
  maxIterations: number;
}

/** Random numbers of evolutions must not repeat those of starts. */
const EVOLUTION = 2 ** 31;

/** Does tasks one after the other in the thread that made it. */
export class TaskSolver {
  private readonly workspace: Workspace;

  constructor(
    memory: WebAssembly.Memory,
    private readonly layout: Layout,
    thread: number,
    private readonly settings: TaskSettings,
  ) {
    this.workspace = new Workspace(memory, layout, layout.workspaces[thread]!);
  }

  /** Throws Stopped. */
  solve(task: Task): TaskOutcome {
    const { seed, maxIterations } = this.settings;
    const { k } = task;
    const points = this.layout.levels[task.level]!;
    const descent = new Descent(this.workspace, points, k);
    switch (task.kind) {
      case 'start': {
        const random = new Random(seed, k, task.start);
        const optimum = descent.run(seedCentroids(this.workspace, points, k, random), this.settings);
        return { optima: [improveBySwaps(descent, optimum, task.swaps, random, this.settings)] };
      }
      case 'refine':
        return { optima: [descent.run(task.optimum.centroids, this.settings)] };
      case 'evolve': {
        const random = new Random(seed, k, EVOLUTION + task.level);
        return { optima: evolve(descent, task.optima, task.children, random, this.settings) };
      }
      case 'finish': {
        const optimum = descent.finish(task.optimum.centroids, maxIterations);
        return { optima: [optimum], labels: this.workspace.labels.view.slice(0, points.n) };
      }
    }
  }
}
