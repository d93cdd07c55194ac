import { DISTANCES_MODULE } from './module.js';

/** Rows that are done in one go: some milliseconds for 20,000 points. */
const BLOCK_ROWS = 128;
const PAGE = 65_536;
const DOUBLE = Float64Array.BYTES_PER_ELEMENT;

/** Everything that threads need to compute coefficients together. Points lie in shared memory in the order of the cells. */
export interface Plan {
  memory: WebAssembly.Memory;
  count: number;
  features: number;
  /** Where each cell begins; at the end the number of points. */
  starts: Int32Array;
  labellings: { sizes: Int32Array; labels: Uint8Array }[];
  /** Workers that may take part; each has sums of its own. */
  workers: number;
}

/** Byte offsets in the shared memory. */
function places({ count, features, starts, labellings, workers }: Omit<Plan, 'memory'>) {
  let end = 0;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 16) * 16;
    return at;
  };
  const blocks = Math.ceil(count / BLOCK_ROWS);
  return {
    blocks,
    /** How many blocks were begun, and how many are done. */
    counters: take(8),
    starts: take(starts.length * 4),
    columns: take(count * features * DOUBLE),
    totals: take(blocks * labellings.length * DOUBLE),
    sums: Array.from({ length: 2 * workers }, () => take(starts.length * DOUBLE)),
    end,
  };
}

/** Shared memory for a plan. @param column of a feature: the values of the points in the order of the cells */
export function planned(
  plan: Omit<Plan, 'memory'>,
  column: (feature: number, target: Float64Array) => void,
): Plan {
  const { starts, columns, end } = places(plan);
  const pages = Math.ceil(end / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  new Int32Array(memory.buffer, starts, plan.starts.length).set(plan.starts);
  for (let feature = 0; feature < plan.features; feature++) {
    const at = columns + feature * plan.count * DOUBLE;
    column(feature, new Float64Array(memory.buffer, at, plan.count));
  }
  return { ...plan, memory };
}

type DistanceSums = (
  columns: number,
  stride: number,
  features: number,
  starts: number,
  cells: number,
  first: number,
  second: number,
  firstSums: number,
  secondSums: number,
) => void;

/** One thread's share of a plan's work: takes block after block, whoever is free the next. */
export class Coefficients {
  private readonly places: ReturnType<typeof places>;
  private readonly counters: Int32Array;
  private readonly totals: Float64Array;
  private readonly sums: [Float64Array, Float64Array];
  private readonly byLabel: Float64Array[];
  private readonly distanceSums: DistanceSums;

  /** @param worker number of this thread among the plan's workers */
  constructor(
    private readonly plan: Plan,
    private readonly worker: number,
  ) {
    const { memory, labellings, starts } = plan;
    this.places = places(plan);
    this.counters = new Int32Array(memory.buffer, this.places.counters, 2);
    const { totals, blocks } = this.places;
    this.totals = new Float64Array(memory.buffer, totals, blocks * labellings.length);
    const sums = (which: number): Float64Array =>
      new Float64Array(memory.buffer, this.places.sums[2 * worker + which], starts.length - 1);
    this.sums = [sums(0), sums(1)];
    this.byLabel = labellings.map(({ sizes }) => new Float64Array(sizes.length));
    const module = new WebAssembly.Module(Buffer.from(DISTANCES_MODULE, 'base64'));
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    this.distanceSums = exports['distanceSums'] as DistanceSums;
  }

  /** Does the next block. @returns false where all were begun */
  next(): boolean {
    const block = Atomics.add(this.counters, 0, 1);
    if (block >= this.places.blocks) return false;
    const from = block * BLOCK_ROWS;
    const to = Math.min(from + BLOCK_ROWS, this.plan.count);
    for (let row = from; row < to; row += 2) this.addPair(block, row, Math.min(row + 1, to - 1));
    Atomics.add(this.counters, 1, 1);
    return true;
  }

  /** Share of the blocks that were begun, 0…1. */
  get share(): number {
    return Math.min(1, Atomics.load(this.counters, 0) / this.places.blocks);
  }

  /** Whether every block is done, by whomever. */
  get finished(): boolean {
    return Atomics.load(this.counters, 1) === this.places.blocks;
  }

  /** Mean coefficient of each labelling, once finished. Sums run in the order of the blocks, whoever did them. */
  means(): number[] {
    const { labellings, count } = this.plan;
    return labellings.map((_, index) => {
      let total = 0;
      for (let at = index; at < this.totals.length; at += labellings.length)
        total += this.totals[at] as number;
      return total / count;
    });
  }

  private addPair(block: number, first: number, second: number): void {
    const { count, features, starts } = this.plan;
    const { columns, starts: startsAt, sums } = this.places;
    const firstSums = sums[2 * this.worker] as number;
    const secondSums = sums[2 * this.worker + 1] as number;
    const cells = starts.length - 1;
    this.distanceSums(
      columns,
      count * DOUBLE,
      features,
      startsAt,
      cells,
      first,
      second,
      firstSums,
      secondSums,
    );
    this.addRow(block, first, this.sums[0]);
    if (second !== first) this.addRow(block, second, this.sums[1]);
  }

  private addRow(block: number, row: number, sums: Float64Array): void {
    const { labellings, starts } = this.plan;
    const cell = cellAt(starts, row);
    for (let index = 0; index < labellings.length; index++) {
      const { labels, sizes } = labellings[index] as Plan['labellings'][number];
      const byLabel = this.byLabel[index] as Float64Array;
      byLabel.fill(0);
      for (let other = 0; other < sums.length; other++) {
        const label = labels[other] as number;
        byLabel[label] = (byLabel[label] as number) + (sums[other] as number);
      }
      const at = block * labellings.length + index;
      this.totals[at] = (this.totals[at] as number) + coefficient(byLabel, sizes, labels[cell] as number);
    }
  }
}

/** The cell of a row: binary search among the starts. */
function cellAt(starts: Int32Array, row: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= row) low = middle;
    else high = middle;
  }
  return low;
}

/** (b − a) / max(a, b): a = mean distance within the own cluster, b = to the nearest other cluster. */
function coefficient(sums: Float64Array, sizes: Int32Array, own: number): number {
  const ownSize = sizes[own] as number;
  if (ownSize <= 1) return 0;
  const within = (sums[own] as number) / (ownSize - 1);
  let nearest = Infinity;
  for (let label = 0; label < sums.length; label++) {
    const size = sizes[label] as number;
    if (label !== own && size > 0) nearest = Math.min(nearest, (sums[label] as number) / size);
  }
  const larger = Math.max(within, nearest);
  return Number.isFinite(larger) && larger > 0 ? (nearest - within) / larger : 0;
}
