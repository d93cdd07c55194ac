import { Alert, Badge, Button, Group, List, Paper, SimpleGrid, Table, Text, Title } from '@mantine/core';
import { answer, type Upload } from '@app/api-client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { formatBytes, formatInteger, formatTime } from '../format';
import { ConfirmButton } from '../layout/confirm-button';
import { Figure } from '../layout/figure';
import { Page } from '../layout/page';
import { QueryState } from '../layout/query-state';
import { StatusBadge } from '../layout/status-badge';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { Anomalies } from './anomalies';
import { TaskProgress } from './task-progress';
import { useTask } from './use-task';

export default function UploadDetailPage() {
  const { customerId, uploadId } = useParams<{ customerId: string; uploadId: string }>();
  const api = useApi();
  const upload = useQuery({
    queryKey: ['upload', uploadId],
    queryFn: () => answer(api.GET('/api/v1/uploads/{uploadId}', { params: { path: { uploadId } } })),
  });
  return (
    <QueryState query={upload}>
      {(found) => <UploadDetail customerId={customerId} upload={found} />}
    </QueryState>
  );
}

function UploadDetail({ customerId, upload }: { customerId: string; upload: Upload }) {
  const isRunning = upload.status === 'queued' || upload.status === 'processing';
  const { task } = useTask(isRunning ? upload.taskId : undefined);
  return (
    <Page
      title={upload.fileName}
      lead={`${formatBytes(upload.sizeBytes)} · ${upload.mode} · ${formatTime(upload.createdAt)}`}
      actions={
        <>
          <StatusBadge status={upload.status} />
          <Button
            component={Link}
            href={`/customers/${customerId}/datasets/${upload.datasetId}`}
            variant="default"
            size="compact-sm"
          >
            {texts.fields.dataset}
          </Button>
          <UndoButton upload={upload} />
        </>
      }
    >
      {isRunning && (
        <Paper withBorder p="md">
          <TaskProgress task={task} />
        </Paper>
      )}
      {upload.error !== null && (
        <Alert color="red" title={texts.problem.title}>
          {upload.error.message}
        </Alert>
      )}
      <Drift upload={upload} />
      {upload.status === 'ready' && (
        <>
          <SimpleGrid cols={{ base: 2, sm: 4 }}>
            <Figure label={texts.uploads.rows} value={formatInteger(upload.rowCount)} />
            <Figure label={texts.uploads.rejected} value={formatInteger(upload.rejectedCount)} />
            <Figure label={texts.uploads.duplicates} value={formatInteger(upload.duplicateCount)} />
            <Figure label={texts.uploads.anomalies} value={formatInteger(upload.anomalyCount)} />
          </SimpleGrid>
          <Anomalies upload={upload} />
          <Columns upload={upload} />
        </>
      )}
    </Page>
  );
}

function UndoButton({ upload }: { upload: Upload }) {
  const api = useApi();
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: () =>
      answer(api.DELETE('/api/v1/uploads/{uploadId}', { params: { path: { uploadId: upload.id } } })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      history.back();
    },
  });
  return <ConfirmButton label={texts.uploads.undo} question={texts.uploads.undoConfirm} action={removal} />;
}

function Drift({ upload: { drift } }: { upload: Upload }) {
  if (!drift || drift.length === 0) return null;
  return (
    <Alert color="yellow" title={texts.uploads.drift}>
      <List size="sm">
        {drift.map(({ column, change, detail }) => (
          <List.Item key={`${column} ${change}`}>
            <Badge size="sm" variant="light">
              {change}
            </Badge>{' '}
            {detail}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Columns({ upload: { columns, encoding, delimiter } }: { upload: Upload }) {
  if (!columns) return null;
  return (
    <Paper withBorder p="md">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {texts.uploads.columns}
        </Title>
        <Text size="sm" c="dimmed">
          {texts.uploads.encoding} {encoding} · {texts.uploads.delimiter} {JSON.stringify(delimiter)}
        </Text>
      </Group>
      <Table.ScrollContainer minWidth={480}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.uploads.column}</Table.Th>
              <Table.Th>{texts.uploads.type}</Table.Th>
              <Table.Th>{texts.uploads.evidence}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {columns.map(({ name, type, evidence }, index) => (
              // Two columns may have one name; their place is what tells them apart.
              // eslint-disable-next-line react/no-array-index-key
              <Table.Tr key={index}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>{type}</Table.Td>
                <Table.Td>{evidence}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
