// The passes over the points that k-means spends its time in, in AssemblyScript with 128-bit SIMD (two doubles
// at a time; no relaxed SIMD, so every machine computes the same bits). Compiled by build.mjs into module.ts.
//
// Points and centroids are row-major rows of d doubles. Where several centroids are compared with one point
// they lie transposed: `transposed` holds d lines of `stride` bytes, one double a centroid, padded to an even
// number of centroids with a value so large that a padding never is the nearest. All pointers are byte offsets.
// `weights` holds one double a point, or is 0 when every point weighs 1.
// Every function works on the points [from, to), so that a caller can look for cancellation between blocks.

let first: f64 = 0;
let second: f64 = 0;

/** Squared distances to the centroid pair at `pair` of the transposed lines. */
// @ts-ignore: decorator
@inline
function pairDistances(point: usize, end: usize, pair: usize, stride: usize): v128 {
  let sum = f64x2.splat(0);
  for (let x = point; x < end; x += 8, pair += stride) {
    const difference = f64x2.sub(v128.load_splat<f64>(x), v128.load(pair));
    sum = f64x2.add(sum, f64x2.mul(difference, difference));
  }
  return sum;
}

/** Returns the nearest centroid (the lowest on a tie); leaves the two least squared distances in first, second. */
// @ts-ignore: decorator
@inline
function nearestTwo(point: usize, end: usize, transposed: usize, stride: usize): i32 {
  let least = pairDistances(point, end, transposed, stride);
  let next = f64x2.splat(Infinity);
  let row = i64x2(0, 1);
  let nearest = row;
  for (let at: usize = 16; at < stride; at += 16) {
    const distances = pairDistances(point, end, transposed + at, stride);
    row = i64x2.add(row, i64x2.splat(2));
    next = f64x2.pmin(next, f64x2.pmax(distances, least));
    nearest = v128.bitselect(row, nearest, f64x2.lt(distances, least));
    least = f64x2.pmin(least, distances);
  }
  const even = f64x2.extract_lane(least, 0);
  const odd = f64x2.extract_lane(least, 1);
  const evenRow = i64x2.extract_lane(nearest, 0);
  const oddRow = i64x2.extract_lane(nearest, 1);
  const takeOdd = odd < even || (odd == even && oddRow < evenRow);
  first = takeOdd ? odd : even;
  second = min(takeOdd ? even : odd, min(f64x2.extract_lane(next, 0), f64x2.extract_lane(next, 1)));
  return <i32>(takeOdd ? oddRow : evenRow);
}

// @ts-ignore: decorator
@inline
function distance(left: usize, right: usize, bytes: usize): f64 {
  let sum = f64x2.splat(0);
  const end = left + bytes;
  const pairsEnd = left + (bytes & ~15);
  for (; left < pairsEnd; left += 16, right += 16) {
    const difference = f64x2.sub(v128.load(left), v128.load(right));
    sum = f64x2.add(sum, f64x2.mul(difference, difference));
  }
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (left < end) {
    const difference = load<f64>(left) - load<f64>(right);
    total += difference * difference;
  }
  return total;
}

// @ts-ignore: decorator
@inline
function at64(base: usize, index: usize): f64 {
  return load<f64>(base + (index << 3));
}

// @ts-ignore: decorator
@inline
function put64(base: usize, index: usize, value: f64): void {
  store<f64>(base + (index << 3), value);
}

// @ts-ignore: decorator
@inline
function weightOf(weights: usize, index: usize): f64 {
  return weights ? at64(weights, index) : 1;
}

/** Adds a point of the given weight (negative: takes it away) to the sum and the weight of a cluster. */
// @ts-ignore: decorator
@inline
function add(sums: usize, sizes: usize, row: usize, point: usize, bytes: usize, weight: f64): void {
  const sum = sums + row * bytes;
  for (let at: usize = 0; at < bytes; at += 8) {
    store<f64>(sum + at, load<f64>(sum + at) + weight * load<f64>(point + at));
  }
  put64(sizes, row, at64(sizes, row) + weight);
}

/**
 * Labels every point with its nearest centroid, adds it to that cluster's sum and size and sets its bounds:
 * lower = distance to the second nearest centroid, slack = lower − distance to the nearest.
 */
export function assign(
  points: usize, weights: usize, from: usize, to: usize, bytes: usize, transposed: usize, stride: usize,
  labels: usize, lower: usize, slack: usize, sums: usize, sizes: usize,
): void {
  let point = points + from * bytes;
  for (let i = from; i < to; i++, point += bytes) {
    const nearest = nearestTwo(point, point + bytes, transposed, stride);
    store<i32>(labels + (i << 2), nearest);
    const reach = Math.sqrt(second);
    put64(lower, i, reach);
    put64(slack, i, reach - Math.sqrt(first));
    add(sums, sizes, nearest, point, bytes, weightOf(weights, i));
  }
}

/** Lists in `active`, from place `listed` on, the points whose slack is below their cluster's limit; returns the length. */
export function listActive(
  from: usize, to: usize, labels: usize, slack: usize, limits: usize, active: usize, listed: usize,
): usize {
  for (let i = from; i < to; i++) {
    store<i32>(active + (listed << 2), <i32>i);
    listed += at64(slack, i) < at64(limits, load<i32>(labels + (i << 2))) ? 1 : 0;
  }
  return listed;
}

/**
 * Gives the listed points [from, to) of `active` to their nearest centroid, looking only at those whose bounds
 * no longer prove that they stay; returns how many changed cluster. See descent.ts for the bounds.
 */
export function reassign(
  points: usize, weights: usize, from: usize, to: usize, active: usize, bytes: usize, centroids: usize, transposed: usize,
  stride: usize, labels: usize, lower: usize, slack: usize, drifted: usize, othersDrifted: usize, gaps: usize,
  sums: usize, sizes: usize,
): i32 {
  let changed = 0;
  for (let place = from; place < to; place++) {
    const i = <usize>load<i32>(active + (place << 2));
    const label = load<i32>(labels + (i << 2));
    const drift = at64(drifted, label);
    if (at64(slack, i) >= drift) continue;
    const point = points + i * bytes;
    const own = Math.sqrt(distance(point, centroids + <usize>label * bytes, bytes));
    const bound = max(at64(lower, i) - at64(othersDrifted, label), at64(gaps, label) - own);
    if (own <= bound) {
      put64(lower, i, bound + at64(othersDrifted, label));
      put64(slack, i, bound - own + drift);
      continue;
    }
    const nearest = nearestTwo(point, point + bytes, transposed, stride);
    const reach = Math.sqrt(second);
    put64(lower, i, reach + at64(othersDrifted, nearest));
    put64(slack, i, reach - Math.sqrt(first) + at64(drifted, nearest));
    if (nearest != label) {
      store<i32>(labels + (i << 2), nearest);
      const weight = weightOf(weights, i);
      add(sums, sizes, label, point, bytes, -weight);
      add(sums, sizes, nearest, point, bytes, weight);
      changed++;
    }
  }
  return changed;
}

/** Adds every point to the sum and the size of its cluster. */
export function addUp(points: usize, weights: usize, from: usize, to: usize, bytes: usize, labels: usize, sums: usize, sizes: usize): void {
  let point = points + from * bytes;
  for (let i = from; i < to; i++, point += bytes) {
    add(sums, sizes, load<i32>(labels + (i << 2)), point, bytes, weightOf(weights, i));
  }
}

/** Sets `nearest` to each point's squared distance from its own centroid and returns their weighted sum. */
export function ownDistances(
  points: usize, weights: usize, from: usize, to: usize, bytes: usize, centroids: usize, labels: usize, nearest: usize,
): f64 {
  let total: f64 = 0;
  let point = points + from * bytes;
  for (let i = from; i < to; i++, point += bytes) {
    const own = distance(point, centroids + <usize>load<i32>(labels + (i << 2)) * bytes, bytes);
    put64(nearest, i, own);
    total += own * weightOf(weights, i);
  }
  return total;
}

/** Lowers `nearest` to the squared distance from `centre` where that is less; returns the weighted sum of all. */
export function approach(points: usize, weights: usize, from: usize, to: usize, bytes: usize, centre: usize, nearest: usize): f64 {
  let total: f64 = 0;
  let point = points + from * bytes;
  for (let i = from; i < to; i++, point += bytes) {
    const least = min(at64(nearest, i), distance(point, centre, bytes));
    put64(nearest, i, least);
    total += least * weightOf(weights, i);
  }
  return total;
}

/** Adds to the two doubles at `potentials` what the weighted sum of `nearest` would be with either centre of a transposed pair. */
export function addPotentials(
  points: usize, weights: usize, from: usize, to: usize, bytes: usize, pair: usize, stride: usize, nearest: usize, potentials: usize,
): void {
  let totals = v128.load(potentials);
  let point = points + from * bytes;
  for (let i = from; i < to; i++, point += bytes) {
    const distances = pairDistances(point, point + bytes, pair, stride);
    const least = f64x2.pmin(distances, v128.load_splat<f64>(nearest + (i << 3)));
    totals = f64x2.add(totals, f64x2.mul(least, f64x2.splat(weightOf(weights, i))));
  }
  v128.store(potentials, totals);
}

/** The first point at which the running sum of weighted `nearest` exceeds `goal`; the last point with a share if none. */
export function locate(weights: usize, nearest: usize, to: usize, goal: f64): usize {
  let sum: f64 = 0;
  let last: usize = 0;
  for (let i: usize = 0; i < to; i++) {
    const share = at64(nearest, i) * weightOf(weights, i);
    if (share > 0) {
      sum += share;
      last = i;
      if (sum > goal) return i;
    }
  }
  return last;
}

/**
 * Sets `nearest` to each point's squared distance from its nearest centroid and adds to the costs of that
 * centroid by how much the distance would grow without it; returns the weighted sum of `nearest`.
 */
export function addRemovalCosts(
  points: usize, weights: usize, from: usize, to: usize, bytes: usize, transposed: usize, stride: usize, nearest: usize, costs: usize,
): f64 {
  let total: f64 = 0;
  let point = points + from * bytes;
  for (let i = from; i < to; i++, point += bytes) {
    const row = <usize>nearestTwo(point, point + bytes, transposed, stride);
    put64(nearest, i, first);
    const weight = weightOf(weights, i);
    put64(costs, row, at64(costs, row) + (second - first) * weight);
    total += first * weight;
  }
  return total;
}
