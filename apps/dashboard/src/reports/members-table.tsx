import { Anchor, Group, Select } from '@mantine/core';
import { type Answer, answer, type Report } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { formatNumber } from '../format';
import { DownloadButton } from '../layout/download-button';
import type { ListColumn } from '../layout/list-table';
import { PagedList } from '../layout/paged-list';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { shopperPlace } from './shopper-place';

const PAGE_SIZE = 20;
type SegmentMember = Answer<'/api/v1/reports/{reportId}/segments/{index}/members'>['results'][number];

/** The shoppers of one segment, with their habits. */
export function MembersTable({ report }: { report: Report }) {
  const api = useApi();
  const [index, setIndex] = useState(report.segments[0]?.index ?? 0);
  const [page, setPage] = useState(1);
  const members = useQuery({
    queryKey: ['members', report.id, index, page],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/reports/{reportId}/segments/{index}/members', {
          params: {
            path: { reportId: report.id, index: String(index) },
            query: { page, pageSize: PAGE_SIZE },
          },
        }),
      ),
  });
  return (
    <>
      <Group mb="sm" align="flex-end">
        <Select
          label={texts.reports.segment}
          allowDeselect={false}
          data={report.segments.map((segment) => ({ value: String(segment.index), label: segment.label }))}
          value={String(index)}
          onChange={(value) => {
            setIndex(Number(value));
            setPage(1);
          }}
        />
        <DownloadButton
          path={`/api/v1/reports/${report.id}/export?format=csv&segment=${index}`}
          label={texts.actions.download}
        />
      </Group>
      <PagedList
        query={members}
        empty={texts.none}
        keyOf={({ shopperId }) => shopperId}
        columns={columnsOf(report)}
        pageSize={PAGE_SIZE}
        page={page}
        onPage={setPage}
      />
    </>
  );
}

const columnsOf = (report: Report): ListColumn<SegmentMember>[] => [
  {
    header: texts.reports.shopper,
    render: ({ shopperId }) => (
      <Anchor component={Link} href={shopperPlace(report, shopperId)}>
        {shopperId}
      </Anchor>
    ),
  },
  ...(report.rfm === null
    ? []
    : [{ header: texts.rfm.group, render: ({ rfm }: SegmentMember) => rfm?.group ?? texts.none }]),
  ...report.features.map(({ name, label }) => ({
    header: label,
    isNumeric: true,
    render: ({ features }: SegmentMember) => formatNumber(features[name]),
  })),
];
