import type { Comparison } from '@app/api-client';
import {
  Layer,
  Rectangle,
  ResponsiveContainer,
  Sankey,
  type SankeyLinkProps,
  type SankeyNodeProps,
} from 'recharts';
import { formatInteger } from '../format';
import { Panel } from '../layout/panel';
import { texts } from '../texts';
import { flowsOf, type FlowNode } from './migration-flows';
import classes from './migration-sankey.module.css';
import { colorOf } from './segment-colors';

const HEIGHT = 340;
const LABEL_GAP = 8;

/** The shoppers as streams from the segments they were in to those they are in; the matrix says the same in numbers. */
export default function MigrationSankey({ comparison }: { comparison: Comparison }) {
  const { nodes, links } = flowsOf(comparison, { new: texts.reports.new, gone: texts.reports.gone });
  if (links.length === 0) return null;
  return (
    <Panel title={texts.reports.streams}>
      {/* A region that scrolls has to be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.scroller} tabIndex={0} role="region" aria-label={texts.reports.streams}>
        <div role="img" aria-label={texts.reports.streamsNote} className={classes.streams}>
          <ResponsiveContainer width="100%" height={HEIGHT}>
            <Sankey
              data={{ nodes, links }}
              nodePadding={28}
              nodeWidth={12}
              sort={false}
              link={Stream}
              node={SegmentNode}
            />
          </ResponsiveContainer>
        </div>
      </div>
    </Panel>
  );
}

/** In the colour of the segment it comes from. */
function Stream(props: SankeyLinkProps) {
  const { sourceX, sourceY, sourceControlX, targetX, targetY, targetControlX, linkWidth, payload } = props;
  const { segment } = payload.source as typeof payload.source & FlowNode;
  return (
    <path
      className={classes.stream}
      d={`M${sourceX},${sourceY} C${sourceControlX},${sourceY} ${targetControlX},${targetY} ${targetX},${targetY}`}
      stroke={fillOf(segment)}
      strokeWidth={linkWidth}
    />
  );
}

const fillOf = (segment: number | null) =>
  `var(--mantine-color-${segment === null ? 'gray' : colorOf(segment)}-6)`;

function SegmentNode({ x, y, width, height, payload }: SankeyNodeProps) {
  const { name, side, segment } = payload as typeof payload & FlowNode;
  const isLeft = side === 'from';
  return (
    <Layer>
      <Rectangle x={x} y={y} width={width} height={height} fill={fillOf(segment)} />
      <text
        x={isLeft ? x + width + LABEL_GAP : x - LABEL_GAP}
        y={y + height / 2}
        textAnchor={isLeft ? 'start' : 'end'}
        dominantBaseline="middle"
        fontSize={12}
        fill="var(--mantine-color-text)"
      >
        {name} · {formatInteger(payload.value)}
      </text>
    </Layer>
  );
}
