import { expect, it } from 'vitest';
import { flowsOf } from './migration-flows.js';

const segment = (index: number, label: string) => ({ index, label, name: label, size: 0 });
const words = { new: 'New', gone: 'Gone' };

it('leads every shopper from where they were to where they are, and leaves out what is empty', () => {
  const { nodes, links } = flowsOf(
    {
      from: { reportId: 'a', asOf: null, shoppers: 0, segments: [segment(0, 'A'), segment(1, 'B')] },
      to: {
        reportId: 'b',
        asOf: null,
        shoppers: 0,
        segments: [
          { ...segment(0, 'C'), continues: null },
          { ...segment(1, 'D'), continues: null },
        ],
      },
      matrix: [
        [5, 0],
        [2, 0],
      ],
      new: [3, 0],
      gone: [0, 4],
    },
    words,
  );
  expect(nodes.map(({ name, side }) => `${side} ${name}`)).toEqual([
    'from A',
    'from B',
    'from New',
    'to C',
    'to Gone',
  ]);
  const named = links.map(({ source, target, value }) => [nodes[source]?.name, nodes[target]?.name, value]);
  expect(named).toEqual([
    ['A', 'C', 5],
    ['B', 'C', 2],
    ['B', 'Gone', 4],
    ['New', 'C', 3],
  ]);
});
