/**
 * Edges of bins of equal width; one bin where all values are one.
 * @param most bins
 */
export function equalEdges(least: number, greatest: number, most: number): number[] {
  if (!(least < greatest)) return [least, greatest];
  const inner = Array.from({ length: most }, (_, bin) => least + ((greatest - least) * bin) / most);
  // The last edge is the greatest value itself, whatever rounding makes of the sum.
  return [...inner, greatest];
}

/**
 * Edges of bins with equally many whole numbers each: with others, some bins would hold one more than their neighbours and
 * tower over them. The last may hold fewer.
 * @param most bins
 */
export function wholeEdges(least: number, greatest: number, most: number): number[] {
  const width = Math.ceil((greatest - least + 1) / most);
  const bins = Math.ceil((greatest - least + 1) / width);
  return [...Array.from({ length: bins }, (_, bin) => least + width * bin), greatest];
}
