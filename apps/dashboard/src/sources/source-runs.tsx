import { List, Text } from '@mantine/core';
import { answer, type Source, type SourceRun } from '@app/api-client';
import { formatInteger, formatTime } from '../format';
import { HistoryPanel } from '../layout/history-panel';
import { StatusBadge } from '../layout/status-badge';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

const PAGE_SIZE = 10;
const SHOWN_SKIPPED = 5;
const words = texts.sources;

/** What each run found, took, left aside, and why, and what it wrote. */
export function SourceRuns({ source: { id, name } }: { source: Source }) {
  const api = useApi();
  return (
    <HistoryPanel
      title={words.runsOf(name)}
      empty={words.noRuns}
      queryKey={['source-runs', id]}
      load={(query) =>
        answer(api.GET('/api/v1/sources/{sourceId}/runs', { params: { path: { sourceId: id }, query } }))
      }
      pageSize={PAGE_SIZE}
      isOpen={({ finishedAt }) => finishedAt === null}
      columns={[
        { header: texts.fields.created, render: ({ createdAt }) => formatTime(createdAt) },
        { header: texts.fields.status, render: ({ status }) => <StatusBadge status={status} /> },
        figure(words.found, ({ counts }) => counts?.found),
        figure(words.taken, ({ counts }) => counts?.taken),
        figure(words.unchanged, ({ counts }) => counts?.unchanged),
        figure(words.removed, ({ counts }) => counts?.removed),
        { header: words.skipped, render: (run) => <Skipped run={run} /> },
        { header: words.written, render: ({ output }) => output?.key ?? texts.none },
      ]}
    />
  );
}

const figure = (header: string, valueOf: (run: SourceRun) => number | undefined) => ({
  header,
  isNumeric: true,
  render: (run: SourceRun) => formatInteger(valueOf(run)),
});

/** What was left aside, with its reason. */
function Skipped({ run: { skipped, error } }: { run: SourceRun }) {
  if (error !== null) return <Text size="sm">{error.message}</Text>;
  if (skipped.length === 0) return texts.none;
  return (
    <List size="sm">
      {skipped.slice(0, SHOWN_SKIPPED).map(({ key, message }) => (
        <List.Item key={key}>
          {key}: {message}
        </List.Item>
      ))}
      {skipped.length > SHOWN_SKIPPED && (
        <List.Item>{words.more(formatInteger(skipped.length - SHOWN_SKIPPED))}</List.Item>
      )}
    </List>
  );
}
