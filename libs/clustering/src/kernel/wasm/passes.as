// The passes over the points that k-means spends its time in, in AssemblyScript with 128-bit SIMD (no relaxed SIMD,
// so every machine computes the same bits). Compiled by build.mjs into module.ts.
//
// The search works on tiles of four points in single precision: d lines of four numbers, one a point, so that every
// instruction serves four points whatever d and k are. `width` is the bytes of a tile, `weights` holds one number a
// point, 0 for those that only fill the last tile. The exact passes at the end work on rows of d doubles.
// All pointers are byte offsets. Every pass works on the tiles or rows [from, to), so that a caller can look for
// cancellation between blocks.

/** Squared distances of the four points of a tile from one centre. */
// @ts-ignore: decorator
@inline
function squares(tile: usize, width: usize, centre: usize): v128 {
  let sum = f32x4.splat(0);
  const end = tile + width;
  for (; tile < end; tile += 16, centre += 4) {
    const difference = f32x4.sub(v128.load(tile), v128.load_splat<f32>(centre));
    sum = f32x4.add(sum, f32x4.mul(difference, difference));
  }
  return sum;
}

/** The sum of four numbers in double precision, always in the same order. */
// @ts-ignore: decorator
@inline
function total(values: v128): f64 {
  const pairs = f64x2.add(
    f64x2.promote_low_f32x4(values),
    f64x2.promote_low_f32x4(i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)),
  );
  return f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
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

/** Adds one point of a tile, times `weight`, to the sum and the weight of a cluster. */
// @ts-ignore: decorator
@inline
function addLane(lane: usize, width: usize, weight: f64, sums: usize, sizes: usize, row: usize): void {
  let sum = sums + row * (width >> 1);
  for (let at: usize = 0; at < width; at += 16, sum += 8) {
    store<f64>(sum, load<f64>(sum) + weight * <f64>load<f32>(lane + at));
  }
  put64(sizes, row, at64(sizes, row) + weight);
}

/**
 * Gives the points to their nearest centroid (the lowest on a tie), but for tiles of which all four have at least
 * `used` slack, and carries the sums and sizes of the clusters along; returns how many points changed cluster. Slack is
 * the distance to the second nearest less that to the nearest centroid, plus what was used then. Centroids lie in pairs, an
 * odd one beside a centre so far away that it never is the nearest. `former` has room for the
 * labels of a tile.
 */
export function reassign(
  tiles: usize, weights: usize, from: usize, to: usize, width: usize, centroids: usize, k: usize,
  labels: usize, slack: usize, used: f32, sums: usize, sizes: usize, former: usize,
): i32 {
  let changed = 0;
  const row = width >> 2;
  const end = centroids + k * row;
  const threshold = f32x4.splat(used);
  const infinity = f32x4.splat(Infinity);
  const zero = i32x4.splat(0);
  const one = i32x4.splat(1);
  const two = i32x4.splat(2);
  for (let t = from; t < to; t++) {
    const at = t << 4;
    if (!v128.any_true(f32x4.lt(v128.load(slack + at), threshold))) continue;
    const tile = tiles + t * width;
    const tileEnd = tile + width;
    let least = infinity;
    let next = infinity;
    let nearest = zero;
    let index = zero;
    for (let centre = centroids; centre < end; centre += 2 * row) {
      let left = f32x4.splat(0);
      let right = f32x4.splat(0);
      for (let x = tile, value = centre; x < tileEnd; x += 16, value += 4) {
        const point = v128.load(x);
        const toLeft = f32x4.sub(point, v128.load_splat<f32>(value));
        const toRight = f32x4.sub(point, v128.load_splat<f32>(value + row));
        left = f32x4.add(left, f32x4.mul(toLeft, toLeft));
        right = f32x4.add(right, f32x4.mul(toRight, toRight));
      }
      const nearer = f32x4.pmin(left, right);
      const place = v128.bitselect(i32x4.add(index, one), index, f32x4.lt(right, left));
      next = f32x4.pmin(f32x4.pmax(nearer, least), f32x4.pmin(next, f32x4.pmax(left, right)));
      nearest = v128.bitselect(place, nearest, f32x4.lt(nearer, least));
      least = f32x4.pmin(least, nearer);
      index = i32x4.add(index, two);
    }
    v128.store(slack + at, f32x4.add(f32x4.sub(f32x4.sqrt(next), f32x4.sqrt(least)), threshold));
    const before = v128.load(labels + at);
    let changes = i32x4.bitmask(i32x4.ne(before, nearest));
    if (!changes) continue;
    v128.store(former, before);
    v128.store(labels + at, nearest);
    for (; changes; changes &= changes - 1) {
      const lane = <usize>ctz(changes) << 2;
      const weight = <f64>load<f32>(weights + at + lane);
      const from = load<i32>(former + lane);
      if (from >= 0) addLane(tile + lane, width, -weight, sums, sizes, from);
      addLane(tile + lane, width, weight, sums, sizes, load<i32>(labels + at + lane));
      changed += weight > 0 ? 1 : 0;
    }
  }
  return changed;
}

/** What the weighted sum of `nearest` would be after `approach`. */
export function potential(
  tiles: usize, weights: usize, from: usize, to: usize, width: usize, centre: usize, nearest: usize,
): f64 {
  let sum: f64 = 0;
  for (let t = from; t < to; t++) {
    const at = t << 4;
    const lowered = f32x4.pmin(v128.load(nearest + at), squares(tiles + t * width, width, centre));
    sum += total(f32x4.mul(lowered, v128.load(weights + at)));
  }
  return sum;
}

/** Lowers `nearest` to the squared distance from `centre` where that is less. */
export function approach(tiles: usize, from: usize, to: usize, width: usize, centre: usize, nearest: usize): void {
  for (let t = from; t < to; t++) {
    const place = nearest + (t << 4);
    v128.store(place, f32x4.pmin(v128.load(place), squares(tiles + t * width, width, centre)));
  }
}

/** Returns the first point up to which `nearest` times weight sums to more than `goal`, else the last that adds to it. */
export function locate(weights: usize, nearest: usize, tileCount: usize, goal: f64): usize {
  let sum: f64 = 0;
  let last: usize = 0;
  for (let t: usize = 0; t < tileCount; t++) {
    const part = total(f32x4.mul(v128.load(nearest + (t << 4)), v128.load(weights + (t << 4))));
    if (part > 0) {
      last = t;
      if (sum + part > goal) break;
    }
    sum += part;
  }
  let found = last << 2;
  for (let i = found; i < (last << 2) + 4; i++) {
    const part = <f64>load<f32>(nearest + (i << 2)) * <f64>load<f32>(weights + (i << 2));
    if (part > 0) {
      found = i;
      sum += part;
      if (sum > goal) break;
    }
  }
  return found;
}

/**
 * Sets `nearest` to each point's squared distance from its nearest centroid and adds to `costs` what removing that
 * centroid would add to it; returns the weighted sum of `nearest`.
 */
export function addRemovalCosts(
  tiles: usize, weights: usize, from: usize, to: usize, width: usize, centroids: usize, k: usize,
  nearest: usize, costs: usize,
): f64 {
  let sum: f64 = 0;
  const row = width >> 2;
  const end = centroids + k * row;
  const one = i32x4.splat(1);
  for (let t = from; t < to; t++) {
    const at = t << 4;
    const tile = tiles + t * width;
    let least = squares(tile, width, centroids);
    let next = f32x4.splat(Infinity);
    let label = i32x4.splat(0);
    let index = label;
    for (let centre = centroids + row; centre < end; centre += row) {
      const distances = squares(tile, width, centre);
      index = i32x4.add(index, one);
      next = f32x4.pmin(next, f32x4.pmax(distances, least));
      label = v128.bitselect(index, label, f32x4.lt(distances, least));
      least = f32x4.pmin(least, distances);
    }
    v128.store(nearest + at, least);
    const weight = v128.load(weights + at);
    sum += total(f32x4.mul(least, weight));
    const cost = f32x4.mul(f32x4.sub(next, least), weight);
    addCost(costs, i32x4.extract_lane(label, 0), f32x4.extract_lane(cost, 0));
    addCost(costs, i32x4.extract_lane(label, 1), f32x4.extract_lane(cost, 1));
    addCost(costs, i32x4.extract_lane(label, 2), f32x4.extract_lane(cost, 2));
    addCost(costs, i32x4.extract_lane(label, 3), f32x4.extract_lane(cost, 3));
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function addCost(costs: usize, label: usize, cost: f32): void {
  put64(costs, label, at64(costs, label) + cost);
}

let first: f64 = 0;
let second: f64 = 0;

/** Squared distances of a row from the centroid pair at `pair` of the transposed lines. */
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

/** Adds a row, times `weight`, to the sum and the weight of a cluster. */
// @ts-ignore: decorator
@inline
function addRow(sums: usize, sizes: usize, row: usize, point: usize, bytes: usize, weight: f64): void {
  const sum = sums + row * bytes;
  for (let at: usize = 0; at < bytes; at += 8) {
    store<f64>(sum + at, load<f64>(sum + at) + weight * load<f64>(point + at));
  }
  put64(sizes, row, at64(sizes, row) + weight);
}

/**
 * `reassign` in double precision on rows. The centroids lie transposed: d lines of `stride` bytes, one double a centroid,
 * an odd one beside a centre as far away.
 */
export function reassignExactly(
  points: usize, from: usize, to: usize, bytes: usize, transposed: usize, stride: usize,
  labels: usize, slack: usize, used: f64, sums: usize, sizes: usize,
): i32 {
  let changed = 0;
  for (let i = from; i < to; i++) {
    if (at64(slack, i) >= used) continue;
    const point = points + i * bytes;
    const nearest = nearestTwo(point, point + bytes, transposed, stride);
    put64(slack, i, Math.sqrt(second) - Math.sqrt(first) + used);
    const before = load<i32>(labels + (i << 2));
    if (nearest == before) continue;
    store<i32>(labels + (i << 2), nearest);
    if (before >= 0) addRow(sums, sizes, before, point, bytes, -1);
    addRow(sums, sizes, nearest, point, bytes, 1);
    changed++;
  }
  return changed;
}

/** Adds every row to the sum and the size of its cluster. */
export function addUp(points: usize, from: usize, to: usize, bytes: usize, labels: usize, sums: usize, sizes: usize): void {
  for (let i = from; i < to; i++) {
    addRow(sums, sizes, load<i32>(labels + (i << 2)), points + i * bytes, bytes, 1);
  }
}

/** Sum of the squared distances of the rows from their own centroids, which are rows too. */
export function inertia(points: usize, from: usize, to: usize, bytes: usize, centroids: usize, labels: usize): f64 {
  let sum: f64 = 0;
  for (let i = from; i < to; i++) {
    let point = points + i * bytes;
    const end = point + bytes;
    for (let own = centroids + <usize>load<i32>(labels + (i << 2)) * bytes; point < end; point += 8, own += 8) {
      const difference = load<f64>(point) - load<f64>(own);
      sum += difference * difference;
    }
  }
  return sum;
}
