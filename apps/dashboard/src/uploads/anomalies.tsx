import { Button, Group, Text } from '@mantine/core';
import { answer, type Answer, type Upload } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatInteger } from '../format';
import { DownloadButton } from '../layout/download-button';
import { PagedList } from '../layout/paged-list';
import { Panel } from '../layout/panel';
import { useApi } from '../session/session-provider';
import { texts, wordsOf } from '../texts';

const PAGE_SIZE = 20;

/** What was odd about a file: by type, then one by one. */
export function Anomalies({ upload }: { upload: Upload }) {
  const counts = Object.entries(upload.anomalyCounts ?? {});
  const [type, setType] = useState<string>();
  const files = `/api/v1/uploads/${upload.id}`;
  return (
    <Panel
      title={texts.uploads.anomaliesByType}
      aside={
        <Group gap="xs">
          {(upload.rejectedCount ?? 0) > 0 && (
            <DownloadButton path={`${files}/rejects`} label={texts.uploads.rejects} />
          )}
          {counts.length > 0 && (
            <DownloadButton path={`${files}/anomalies?format=csv`} label={texts.uploads.anomalies} />
          )}
          <DownloadButton path={`${files}/file`} label={texts.uploads.original} />
        </Group>
      }
    >
      {counts.length === 0 && <Text c="dimmed">{texts.uploads.noAnomalies}</Text>}
      <Group gap="xs">
        {counts.map(([name, count]) => (
          <Button
            key={name}
            size="compact-sm"
            variant={name === type ? 'filled' : 'default'}
            aria-pressed={name === type}
            onClick={() => setType(name === type ? undefined : name)}
          >
            {wordsOf(texts.anomalyTypes, name)} · {formatInteger(count)}
          </Button>
        ))}
      </Group>
      {type !== undefined && <AnomalyTable key={type} uploadId={upload.id} type={type} />}
    </Panel>
  );
}

function AnomalyTable({ uploadId, type }: { uploadId: string; type: string }) {
  const api = useApi();
  const [page, setPage] = useState(1);
  const anomalies = useQuery({
    queryKey: ['anomalies', uploadId, type, page],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const found = await answer(
        api.GET('/api/v1/uploads/{uploadId}/anomalies', {
          params: { path: { uploadId }, query: { type, page, pageSize: PAGE_SIZE } },
        }),
      );
      // The same address can answer with CSV, which nobody asked for here.
      return found as Exclude<Answer<'/api/v1/uploads/{uploadId}/anomalies'>, string>;
    },
  });
  return (
    <PagedList
      query={anomalies}
      empty={texts.uploads.noAnomalies}
      keyOf={(_, index) => String(index)}
      columns={[
        { header: texts.uploads.line, isNumeric: true, render: ({ line }) => formatInteger(line) },
        { header: texts.uploads.column, render: ({ column }) => column },
        { header: texts.uploads.value, render: ({ value }) => value },
        { header: texts.uploads.message, render: ({ message }) => message },
      ]}
      pageSize={PAGE_SIZE}
      page={page}
      onPage={setPage}
    />
  );
}
