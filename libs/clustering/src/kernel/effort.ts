/** One stage of the search for the best clustering into k; see search.ts. */
export interface Stage {
  /**
   * The point sets that it works on side by side, each with a population of its own, as places in `Layout.sets`; the
   * first stage shares its starts out.
   */
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

/**
 * Below so many points all work is done on all points. The starts are shared out to islands, whose populations of
 * optima breed by themselves before the best of each come together: one population alone is soon alike, often at an
 * optimum that is not the best. Children are per start, first on the islands, then of those that are `carried`.
 */
const ALL_POINTS = [
  { below: 500, starts: 256, islands: 8, swaps: 2, children: 4, carried: 4, together: 1 },
  { below: 1_000, starts: 128, islands: 8, swaps: 2, children: 1.5, carried: 6, together: 2 },
  { below: 3_000, starts: 48, islands: 4, swaps: 2, children: 1.5, carried: 6, together: 2 },
  { below: 20_000, starts: 16, islands: 2, swaps: 1, children: 1, carried: 4, together: 1 },
];
/** Fewer starts than that are no population. */
const LEAST_ON_ISLAND = 8;
/** From there on starts are made on samples of that many points … */
const MANY_POINTS = { starts: 12, sample: 2_500 };
/** … and from here on one larger sample lies between these and all points. */
const VERY_MANY_POINTS = { from: 40_000, sample: 4_000, largeSample: 20_000 };
/** Samples side by side: an optimum that one of them hides, as single samples often do, the others show. */
const SAMPLES = [0, 1, 2, 3];

const onAllPoints = (n: number) => ALL_POINTS.find(({ below }) => n < below);

/** Starts per k by default. */
export const defaultStarts = (n: number): number => (onAllPoints(n) ?? MANY_POINTS).starts;

/**
 * The effort for n points. Measured on the sets of the bench, of scikit-learn's reference figures and on normal points
 * without groups: what matters is that different good optima reach all points.
 */
export function effortFor(n: number, starts: number): Effort {
  const few = onAllPoints(n);
  if (few !== undefined) {
    const islands = Math.max(1, Math.min(few.islands, Math.floor(starts / LEAST_ON_ISLAND)));
    const own = Math.ceil((few.children * starts) / islands);
    const together = Math.ceil(few.together * starts);
    const apart: Stage = {
      sets: Array<number>(islands).fill(0),
      carried: 0,
      swaps: few.swaps,
      children: own,
    };
    if (islands === 1) return { starts, samples: [], stages: [{ ...apart, children: own + together }] };
    const joined: Stage = { sets: [0], carried: few.carried, swaps: 0, children: together };
    return { starts, samples: [], stages: [apart, joined] };
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
