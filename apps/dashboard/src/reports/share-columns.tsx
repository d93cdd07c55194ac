import type { Segment } from '@app/api-client';
import { formatShare } from '../format';
import type { ListColumn } from '../layout/list-table';
import { texts } from '../texts';
import { SegmentName } from './segment-name';

/** Segments and their shares of shoppers and revenue. */
export const SHARE_COLUMNS: readonly ListColumn<Segment>[] = [
  {
    header: texts.reports.segment,
    render: ({ index, name }) => <SegmentName index={index} name={name} />,
  },
  { header: texts.overview.shoppers, isNumeric: true, render: ({ share }) => formatShare(share) },
  {
    header: texts.overview.revenue,
    isNumeric: true,
    render: ({ revenueShare }) => formatShare(revenueShare),
  },
];
