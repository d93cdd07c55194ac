export interface Labelling {
  k: number;
  labels: Uint8Array;
}

/** The points in groups that no labelling tells apart: what is summed over a cell serves every labelling. */
export interface Cells {
  /** Rows of the points, cell by cell, those of a cell ascending. */
  rows: Int32Array;
  /** Where each cell begins in `rows`; at the end the number of points. */
  starts: Int32Array;
  /** For each labelling the label of each cell. */
  labels: Uint8Array[];
}

/** Cells are numbered in the order of their first points. O(points × labellings). */
export function cellsOf(count: number, labellings: readonly Labelling[]): Cells {
  let cellOf = new Int32Array(count);
  let cells = 1;
  for (const { k, labels } of labellings) {
    const finer = new Int32Array(cells * k).fill(-1);
    cells = 0;
    cellOf = cellOf.map((cell, row) => {
      const pair = cell * k + (labels[row] as number);
      if (finer[pair] === -1) finer[pair] = cells++;
      return finer[pair] as number;
    });
  }
  const starts = new Int32Array(cells + 1);
  for (const cell of cellOf) starts[cell + 1] = (starts[cell + 1] as number) + 1;
  for (let cell = 0; cell < cells; cell++)
    starts[cell + 1] = (starts[cell + 1] as number) + (starts[cell] as number);
  const rows = new Int32Array(count);
  const next = starts.slice();
  cellOf.forEach((cell, row) => {
    rows[next[cell] as number] = row;
    next[cell] = (next[cell] as number) + 1;
  });
  const first = Array.from({ length: cells }, (_, cell) => rows[starts[cell] as number] as number);
  return {
    rows,
    starts,
    labels: labellings.map(({ labels }) => Uint8Array.from(first, (row) => labels[row] as number)),
  };
}
