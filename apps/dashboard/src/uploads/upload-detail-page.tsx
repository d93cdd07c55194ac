import { Alert, Button, Paper, SimpleGrid, Text } from '@mantine/core';
import { answer, type Upload } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import { formatBytes, formatInteger, formatTime } from '../format';
import { ConfirmButton } from '../layout/confirm-button';
import { Figure } from '../layout/figure';
import { ListTable } from '../layout/list-table';
import { Page } from '../layout/page';
import { Panel } from '../layout/panel';
import { ProblemAlert } from '../layout/problem-alert';
import { QueryState } from '../layout/query-state';
import { StatusBadge } from '../layout/status-badge';
import { useChange } from '../layout/use-change';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { Anomalies } from './anomalies';
import { DriftAlert } from './drift-alert';
import { PreviousUpload } from './previous-upload';
import { ReprocessButton } from './reprocess-button';
import { TaskProgress } from '../tasks/task-progress';
import { useTask } from '../tasks/use-task';

export default function UploadDetailPage() {
  const { customerId, uploadId } = useParams<{ customerId: string; uploadId: string }>();
  const api = useApi();
  const upload = useQuery({
    queryKey: ['upload', uploadId],
    queryFn: () => answer(api.GET('/api/v1/uploads/{uploadId}', { params: { path: { uploadId } } })),
  });
  return (
    <QueryState query={upload}>
      {(found) => <UploadDetail key={found.id} customerId={customerId} upload={found} />}
    </QueryState>
  );
}

function UploadDetail({ customerId, upload }: { customerId: string; upload: Upload }) {
  const isRunning = upload.status === 'queued' || upload.status === 'processing';
  // A file that is read again stays ready meanwhile.
  const [rereading, setRereading] = useState<string>();
  const { task, problem } = useTask(isRunning ? upload.taskId : rereading);
  const isBusy = isRunning || (task !== undefined && task.finishedAt === null);
  const { canWrite } = useCustomerRole(customerId);
  const datasetPlace = `/customers/${customerId}/datasets/${upload.datasetId}`;
  return (
    <Page
      title={upload.fileName}
      lead={`${formatBytes(upload.sizeBytes)} · ${texts.uploadModes[upload.mode]} · ${formatTime(upload.createdAt)}`}
      actions={
        <>
          <StatusBadge status={upload.status} />
          <Button component={Link} href={datasetPlace} variant="default" size="compact-sm">
            {texts.fields.dataset}
          </Button>
          {canWrite && !isBusy && <ReprocessButton upload={upload} onStarted={setRereading} />}
          {canWrite && <UndoButton home={datasetPlace} upload={upload} />}
        </>
      }
    >
      {isBusy && (
        <Paper withBorder p="md">
          <TaskProgress task={task} />
          <ProblemAlert problem={problem} />
        </Paper>
      )}
      {upload.error !== null && (
        <Alert color="red" title={texts.problem.title}>
          {upload.error.message}
        </Alert>
      )}
      <DriftAlert drift={upload.drift} />
      {upload.status === 'ready' && (
        <>
          <SimpleGrid cols={{ base: 2, sm: 4 }}>
            <Figure label={texts.uploads.rows} value={formatInteger(upload.rowCount)} />
            <Figure label={texts.uploads.rejected} value={formatInteger(upload.rejectedCount)} />
            <Figure label={texts.uploads.duplicates} value={formatInteger(upload.duplicateCount)} />
            <Figure label={texts.uploads.anomalies} value={formatInteger(upload.anomalyCount)} />
          </SimpleGrid>
          <Changes upload={upload} />
          <Anomalies upload={upload} />
          <PreviousUpload upload={upload} />
          <Columns upload={upload} />
        </>
      )}
    </Page>
  );
}

function UndoButton({ home, upload: { id } }: { home: string; upload: Upload }) {
  const api = useApi();
  const [, navigate] = useLocation();
  const params = { path: { uploadId: id } };
  const removal = useChange(
    () => answer(api.DELETE('/api/v1/uploads/{uploadId}', { params })),
    undefined,
    () => navigate(home),
  );
  return <ConfirmButton label={texts.uploads.undo} question={texts.uploads.undoConfirm} action={removal} />;
}

/** What an upload with a key did to the rows before it. */
function Changes({ upload: { counts, mode } }: { upload: Upload }) {
  if (counts === null || mode === 'append') return null;
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }}>
      <Figure label={texts.uploads.created} value={formatInteger(counts.created)} />
      <Figure label={texts.uploads.updated} value={formatInteger(counts.updated)} />
      <Figure label={texts.uploads.unchanged} value={formatInteger(counts.unchanged)} />
      <Figure label={texts.uploads.removed} value={formatInteger(counts.removed)} />
    </SimpleGrid>
  );
}

function Columns({ upload: { columns, encoding, delimiter } }: { upload: Upload }) {
  return (
    <Panel
      title={texts.uploads.columns}
      aside={
        <Text size="sm" c="dimmed">
          {texts.uploads.encoding} {encoding} · {texts.uploads.delimiter} {JSON.stringify(delimiter)}
        </Text>
      }
    >
      <ListTable
        items={columns}
        // Two columns may have one name.
        keyOf={(_, index) => String(index)}
        columns={[
          { header: texts.uploads.column, render: ({ name }) => name },
          { header: texts.uploads.type, render: ({ type }) => texts.reading.types[type] },
          { header: texts.uploads.evidence, render: ({ evidence }) => evidence },
        ]}
      />
    </Panel>
  );
}
