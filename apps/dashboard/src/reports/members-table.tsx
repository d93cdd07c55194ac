import { Anchor, Group, Select, Table } from '@mantine/core';
import { answer, type Report } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { formatNumber } from '../format';
import { DownloadButton } from '../layout/download-button';
import { Pager } from '../layout/pager';
import { QueryState } from '../layout/query-state';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { shopperPlace } from './shopper-place';

const PAGE_SIZE = 20;

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
      <QueryState query={members}>
        {({ count, results }) => (
          <>
            <Table.ScrollContainer minWidth={480}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{texts.reports.shopper}</Table.Th>
                    {report.rfm !== null && <Table.Th>{texts.rfm.group}</Table.Th>}
                    {report.features.map(({ name, label }) => (
                      <Table.Th key={name} className="numeric">
                        {label}
                      </Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {results.map(({ shopperId, features, rfm }) => (
                    <Table.Tr key={shopperId}>
                      <Table.Td>
                        <Anchor component={Link} href={shopperPlace(report, shopperId)}>
                          {shopperId}
                        </Anchor>
                      </Table.Td>
                      {report.rfm !== null && <Table.Td>{rfm?.group}</Table.Td>}
                      {report.features.map(({ name }) => (
                        <Table.Td key={name} className="numeric">
                          {formatNumber(features[name])}
                        </Table.Td>
                      ))}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            <Pager count={count} pageSize={PAGE_SIZE} page={page} onPage={setPage} />
          </>
        )}
      </QueryState>
    </>
  );
}
