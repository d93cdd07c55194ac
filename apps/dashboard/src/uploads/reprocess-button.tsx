import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { answer, type Dataset, type Upload } from '@app/api-client';
import { useState } from 'react';
import { useDataset } from '../datasets/dataset-queries';
import { ProblemAlert } from '../layout/problem-alert';
import { QueryState } from '../layout/query-state';
import { useChange } from '../layout/use-change';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { AS_FOUND, readingBody } from './reading/reading';
import { ReadingEditor } from './reading/reading-editor';

interface ButtonProps {
  upload: Upload;
  /** Told the task that reads it. */
  onStarted: (taskId: string) => void;
}

/** Has a file read again, as the user says now. */
export function ReprocessButton({ upload, onStarted }: ButtonProps) {
  const [isOpen, { open, close }] = useDisclosure();
  const dataset = useDataset(upload.datasetId);
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open}>
        {texts.uploads.reprocess}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        size="xl"
        title={texts.uploads.reprocess}
        closeButtonProps={{ 'aria-label': texts.actions.cancel }}
      >
        <QueryState query={dataset}>
          {(found) => (
            <ReprocessForm
              upload={upload}
              dataset={found}
              onDone={(taskId) => {
                close();
                onStarted(taskId);
              }}
            />
          )}
        </QueryState>
      </Modal>
    </>
  );
}

interface Props {
  upload: Upload;
  dataset: Dataset;
  onDone: (taskId: string) => void;
}

function ReprocessForm({ upload, dataset, onDone }: Props) {
  const api = useApi();
  const [reading, setReading] = useState(AS_FOUND);
  const params = { path: { uploadId: upload.id } };
  const reprocessing = useChange(
    () => answer(api.POST('/api/v1/uploads/{uploadId}/reprocess', { params, body: readingBody(reading) })),
    ['upload', upload.id],
    ({ task }) => onDone(task.id),
  );
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {texts.uploads.reprocessNote}
      </Text>
      <ReadingEditor
        reading={reading}
        onReading={setReading}
        columns={upload.columns}
        roles={dataset.roles}
      />
      <ProblemAlert problem={reprocessing.error} />
      <Group justify="flex-end">
        <Button loading={reprocessing.isPending} onClick={() => reprocessing.mutate()}>
          {texts.uploads.reprocess}
        </Button>
      </Group>
    </Stack>
  );
}
