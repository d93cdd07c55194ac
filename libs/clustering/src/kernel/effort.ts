/** One stage of the search for the best clustering into k; see search.ts. */
export interface Stage {
  /** The point sets that it works on, side by side, as places in `Layout.sets`. */
  sets: number[];
  /** Optima of the stage before that are descended from on every set; in the first stage there are starts instead. */
  carried: number;
  /** Swaps tried with every start or carried optimum. */
  swaps: number;
  /** Children bred from the optima of a set. */
  children: number;
  /** How many times the tolerance is enough to tell the optima of this stage apart. */
  patience: number;
}

/** How much work goes into every k. */
export interface Effort {
  starts: number;
  /** Most points of each sample; the samples are the first sets, all points the last. */
  samples: number[];
  stages: Stage[];
}

/** From here on starts are made on samples of this many points … */
const SOME_POINTS = { from: 3_000, sample: 1_500 };
/** … and from here on a large sample lies between these and all points. */
const MANY_POINTS = { from: 30_000, sample: 3_000, largeSample: 15_000 };
/** Below this many points optima are many and swaps cost next to nothing. */
const FEW_POINTS = 500;
/** Samples side by side: what one of them hides, as one always does, another shows. */
const SAMPLES = [0, 1, 2, 3];

/** Starts per k by default: 12 from 3,000 points on; below 16,000 ÷ n, at least 8 and at most 64. */
export const defaultStarts = (n: number): number =>
  n >= SOME_POINTS.from ? 12 : Math.min(Math.max(Math.round(16_000 / n), 8), 64);

/**
 * The effort for n points. Measured on the sets of the bench and those of scikit-learn's reference figures: starts on
 * small samples cost little, and what matters is that different good optima reach all points.
 */
export function effortFor(n: number, starts: number): Effort {
  if (n < SOME_POINTS.from) {
    const swaps = n < FEW_POINTS ? 2 : 1;
    return {
      starts,
      samples: [],
      stages: [{ sets: [0], carried: 0, swaps, children: 2 * starts, patience: 1 }],
    };
  }
  const children = Math.ceil((2 * starts) / SAMPLES.length);
  const onSamples: Stage = { sets: SAMPLES, carried: 0, swaps: 1, children, patience: 1 };
  if (n < MANY_POINTS.from) {
    return {
      starts,
      samples: SAMPLES.map(() => SOME_POINTS.sample),
      stages: [onSamples, { sets: [4], carried: 4, swaps: 1, children: 8, patience: 1 }],
    };
  }
  return {
    starts,
    samples: [...SAMPLES.map(() => MANY_POINTS.sample), MANY_POINTS.largeSample],
    stages: [
      onSamples,
      { sets: [4], carried: 12, swaps: 1, children: 4, patience: 10 },
      { sets: [5], carried: 10, swaps: 0, children: 6, patience: 10 },
      { sets: [5], carried: 3, swaps: 0, children: 0, patience: 1 },
    ],
  };
}
