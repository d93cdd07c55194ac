/** One stage of the search for the best clustering into k; see search.ts. */
export interface Stage {
  /** The point sets that it works on side by side, as places in `Layout.sets`; the first stage shares its starts out. */
  sets: number[];
  /** Optima of each set of the stage before that are descended from; the first stage makes starts instead. */
  carried: number;
  /** Swaps tried with every start. */
  swaps: number;
  /** Children bred from the optima of each set. */
  children: number;
}

/** How much work goes into every k. */
export interface Effort {
  starts: number;
  /** Most points of each sample; the samples are the first sets, all points the last. */
  samples: number[];
  stages: Stage[];
}

/** Below this many points optima are many and different, and work costs next to nothing. */
const FEW_POINTS = { below: 500, starts: 64, swaps: 2, childrenPerStart: 4 };
/** Below this many points everything is still cheap. */
const SOME_POINTS = { below: 3_000, starts: 32, swaps: 1, childrenPerStart: 3 };
/** From here on starts are made on samples of that many points … */
const MANY_POINTS = { from: 10_000, sample: 2_500 };
/** … and from here on one larger sample lies between these and all points. */
const VERY_MANY_POINTS = { from: 40_000, sample: 4_000, largeSample: 20_000 };
/** Samples side by side: an optimum that one of them hides, as single samples often do, the others show. */
const SAMPLES = [0, 1, 2, 3];

const fewPointsFor = (n: number) => [FEW_POINTS, SOME_POINTS].find(({ below }) => n < below);

/** Starts per k by default. */
export const defaultStarts = (n: number): number => fewPointsFor(n)?.starts ?? 12;

/**
 * The effort for n points. Measured on the sets of the bench and of scikit-learn's reference figures: starts on samples
 * cost little, and what matters is that different good optima reach all points.
 */
export function effortFor(n: number, starts: number): Effort {
  if (n < MANY_POINTS.from) {
    const { swaps, childrenPerStart } = fewPointsFor(n) ?? { swaps: 1, childrenPerStart: 2 };
    const stage = { sets: [0], carried: 0, swaps, children: childrenPerStart * starts };
    return { starts, samples: [], stages: [stage] };
  }
  const onSamples = { sets: SAMPLES, carried: 0, swaps: 1, children: Math.ceil(starts / 2) };
  if (n < VERY_MANY_POINTS.from) {
    return {
      starts,
      samples: SAMPLES.map(() => MANY_POINTS.sample),
      stages: [onSamples, { sets: [4], carried: 2, swaps: 0, children: 10 }],
    };
  }
  return {
    starts,
    samples: [...SAMPLES.map(() => VERY_MANY_POINTS.sample), VERY_MANY_POINTS.largeSample],
    stages: [
      onSamples,
      { sets: [4], carried: 2, swaps: 0, children: 8 },
      { sets: [5], carried: 4, swaps: 0, children: 0 },
    ],
  };
}
