import { Alert, Badge, Group, SimpleGrid } from '@mantine/core';
import type { SystemOverview } from '@app/api-client';
import { formatBytes, formatInteger, formatSeconds, formatTime } from '../format';
import { Figure } from '../layout/figure';
import { ListTable } from '../layout/list-table';
import { Page } from '../layout/page';
import { Panel } from '../layout/panel';
import { Empty, QueryState } from '../layout/query-state';
import { StatusBadge } from '../layout/status-badge';
import { texts, wordsOf } from '../texts';
import { useSystemOverview } from './administration-queries';
import { SystemCheck } from './system-check';

/** How the place runs: what it depends on, its queues, workers and storage. */
export default function SystemPage() {
  const overview = useSystemOverview();
  return (
    <Page title={texts.system.title} lead={texts.system.lead}>
      <QueryState query={overview}>{(found) => <System overview={found} />}</QueryState>
      <SystemCheck />
    </Page>
  );
}

function System({ overview }: { overview: SystemOverview }) {
  const { status, dependencies, tasks, deadLetters, outbox, storage } = overview;
  return (
    <>
      {status !== 'ok' && <Alert color="yellow" title={texts.system.degraded} />}
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Figure label={texts.statuses.queued} value={formatInteger(tasks.queued)} />
        <Figure label={texts.statuses.running} value={formatInteger(tasks.running)} />
        <Figure label={texts.statuses.failed} value={formatInteger(tasks.failed)} />
        <Figure label={texts.deadLetters.title} value={formatInteger(deadLetters)} />
        <Figure label={texts.system.files} value={formatBytes(storage.blobs.bytes)} />
        <Figure label={texts.system.frames} value={formatBytes(storage.frames?.bytes)} />
        <Figure label={texts.system.disk} value={formatBytes(storage.disk.freeBytes)} />
        <Figure label={texts.system.outbox} value={formatInteger(outbox.unsent)} />
      </SimpleGrid>
      <Panel title={texts.system.dependencies}>
        <Group gap="xs">
          {Object.entries(dependencies).map(([name, dependency]) => (
            <Badge key={name} variant="dot" color={dependency.status === 'up' ? 'brand' : 'red'} size="lg">
              {name} {dependency.status}
            </Badge>
          ))}
        </Group>
      </Panel>
      <Workers overview={overview} />
      <Queues overview={overview} />
      <TasksByState overview={overview} />
    </>
  );
}

function Workers({ overview: { workers } }: { overview: SystemOverview }) {
  return (
    <Panel title={texts.system.workers}>
      {workers.length === 0 ? (
        <Empty>{texts.system.noWorkers}</Empty>
      ) : (
        <ListTable
          items={workers}
          keyOf={({ name }) => name}
          columns={[
            { header: texts.fields.name, render: ({ name }) => name },
            { header: texts.system.queues, render: ({ queues }) => queues.join(', ') },
            {
              header: texts.statuses.running,
              isNumeric: true,
              render: ({ running, concurrency }) => `${running} / ${concurrency}`,
            },
            { header: texts.system.started, render: ({ startedAt }) => formatTime(startedAt) },
            { header: texts.system.seen, render: ({ seenAt }) => formatTime(seenAt) },
          ]}
        />
      )}
    </Panel>
  );
}

function Queues({ overview: { queues } }: { overview: SystemOverview }) {
  return (
    <Panel title={texts.system.queues}>
      {queues === null ? (
        <Empty>{texts.system.noQueues}</Empty>
      ) : (
        <ListTable
          items={queues}
          keyOf={({ name }) => name}
          minWidth={360}
          columns={[
            { header: texts.fields.name, render: ({ name }) => name },
            {
              header: texts.system.messages,
              isNumeric: true,
              render: ({ messages }) => formatInteger(messages),
            },
            {
              header: texts.system.consumers,
              isNumeric: true,
              render: ({ consumers }) => formatInteger(consumers),
            },
          ]}
        />
      )}
    </Panel>
  );
}

/** How many tasks there are, and how long the oldest that is not finished has waited. */
function TasksByState({ overview: { taskAges } }: { overview: SystemOverview }) {
  if (taskAges.length === 0) return null;
  return (
    <Panel title={texts.system.taskAges}>
      <ListTable
        items={taskAges}
        keyOf={({ kind, status }) => `${kind} ${status}`}
        minWidth={360}
        columns={[
          { header: texts.tasks.kind, render: ({ kind }) => wordsOf(texts.tasks.kinds, kind) },
          { header: texts.fields.status, render: ({ status }) => <StatusBadge status={status} /> },
          { header: texts.system.count, isNumeric: true, render: ({ count }) => formatInteger(count) },
          {
            header: texts.system.oldest,
            isNumeric: true,
            render: ({ oldestSeconds }) => formatSeconds(oldestSeconds),
          },
        ]}
      />
    </Panel>
  );
}
