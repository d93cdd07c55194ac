import type { Comparison } from '@app/api-client';

export interface FlowNode {
  name: string;
  /** Where it stands: as shoppers were, or as they are. */
  side: 'from' | 'to';
  /** Index of its segment; null for those who are new or gone. */
  segment: number | null;
}

export interface Flows {
  nodes: FlowNode[];
  links: { source: number; target: number; value: number }[];
}

/** Who went from where to where, as nodes and links; nodes without shoppers are left out. */
export function flowsOf(
  { from, to, matrix, new: arrived, gone }: Pick<Comparison, 'from' | 'to' | 'matrix' | 'new' | 'gone'>,
  words: { new: string; gone: string },
): Flows {
  const sources: FlowNode[] = [
    ...from.segments.map(({ index, label }) => ({ name: label, side: 'from' as const, segment: index })),
    { name: words.new, side: 'from', segment: null },
  ];
  const targets: FlowNode[] = [
    ...to.segments.map(({ index, label }) => ({ name: label, side: 'to' as const, segment: index })),
    { name: words.gone, side: 'to', segment: null },
  ];
  const counted = [...matrix.map((row, index) => [...row, gone[index] ?? 0]), [...arrived, 0]];
  const flows = counted.flatMap((row, source) =>
    row.flatMap((value, target) => (value === 0 ? [] : [{ source, target, value }])),
  );
  const kept = [
    ...sources.filter((_, index) => flows.some(({ source }) => source === index)),
    ...targets.filter((_, index) => flows.some(({ target }) => target === index)),
  ];
  const placeOf = (node: FlowNode | undefined) => kept.findIndex((other) => other === node);
  return {
    nodes: kept,
    links: flows.map(({ source, target, value }) => ({
      source: placeOf(sources[source]),
      target: placeOf(targets[target]),
      value,
    })),
  };
}
