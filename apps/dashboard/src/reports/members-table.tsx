import { Group, Pagination, Select, Table } from '@mantine/core';
import { answer, type Report } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatNumber } from '../format';
import { DownloadButton } from '../layout/download-button';
import { pageControl } from '../layout/page-control';
import { QueryState } from '../layout/query-state';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

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
                    {report.features.map(({ name, label }) => (
                      <Table.Th key={name} className="numeric">
                        {label}
                      </Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {results.map(({ shopperId, features }) => (
                    <Table.Tr key={shopperId}>
                      <Table.Td>{shopperId}</Table.Td>
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
            <Pagination
              total={Math.ceil(count / PAGE_SIZE)}
              value={page}
              onChange={setPage}
              getControlProps={pageControl}
              size="sm"
              mt="sm"
            />
          </>
        )}
      </QueryState>
    </>
  );
}
