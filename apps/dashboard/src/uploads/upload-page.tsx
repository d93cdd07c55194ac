import { Button, Group, Paper, Progress, Select, Stack, Text } from '@mantine/core';
import { ApiProblem } from '@app/api-client';
import { type FormEvent, useRef, useState } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import { useDatasets } from '../datasets/dataset-queries';
import { formatBytes } from '../format';
import { namedOptions } from '../layout/options-of';
import { Page } from '../layout/page';
import { ProblemAlert } from '../layout/problem-alert';
import { useSession } from '../session/session-provider';
import { texts } from '../texts';
import { DropZone } from './drop-zone';
import { FilePreview } from './preview/file-preview';
import { useTrial } from './preview/use-trial';
import { AS_FOUND, readingFields } from './reading/reading';
import { sendFile } from './send-file';
import { ModeFields, NewDatasetFields } from './target-fields';

const NEW = 'new';

export default function UploadPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const [file, setFile] = useState<File | null>(null);
  const [datasetId, setDatasetId] = useState(NEW);
  const [reading, setReading] = useState(AS_FOUND);
  const isNew = datasetId === NEW;
  const trial = useTrial(file, isNew ? { customerId } : { datasetId }, reading);
  const datasets = useDatasets(customerId);
  const { send, stop, forget, sent, problem } = useSending(customerId);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (file === null) return;
    const fixed = { ...(isNew && { customerId }), ...readingFields(reading) };
    const form = formOf(new FormData(event.currentTarget), fixed);
    form.append('file', file);
    void send(isNew ? '/api/v1/datasets' : `/api/v1/datasets/${datasetId}/uploads`, form);
  }

  return (
    <Page title={texts.upload.title} lead={texts.upload.lead}>
      <form onSubmit={submit}>
        <Stack>
          <Stack maw={720}>
            <DropZone
              file={file}
              onFile={(chosen) => {
                setFile(chosen);
                setReading(AS_FOUND);
                forget();
              }}
            />
            <Select
              label={texts.upload.into}
              value={datasetId}
              onChange={(value) => setDatasetId(value ?? NEW)}
              allowDeselect={false}
              data={[{ value: NEW, label: texts.upload.newDataset }, ...namedOptions(datasets.data?.results)]}
            />
            {isNew ? (
              <NewDatasetFields key={file?.name} customerId={customerId} fileName={file?.name ?? ''} />
            ) : (
              <ModeFields key={datasetId} columns={trial.data?.preview.names ?? []} />
            )}
          </Stack>
          {file !== null && (
            <FilePreview
              key={`${file.name} ${file.size} ${file.lastModified}`}
              file={file}
              trial={trial}
              reading={reading}
              onReading={setReading}
            />
          )}
          {/* What is refused when it is tried out is refused again when it is sent: said once. */}
          <ProblemAlert problem={problem ?? trial.error} />
          <DuplicateHint customerId={customerId} problem={problem} />
          {sent === undefined || file === null ? (
            <Group>
              <Button type="submit" disabled={file === null}>
                {texts.upload.start}
              </Button>
            </Group>
          ) : (
            <Sending file={file} sent={sent} onCancel={stop} />
          )}
        </Stack>
      </form>
    </Page>
  );
}

/** Sends a form with a file and shows what became of it when the api has it. */
function useSending(customerId: string) {
  const [sent, setSent] = useState<number>();
  const [problem, setProblem] = useState<unknown>();
  const sending = useRef<AbortController>(null);
  const { session } = useSession();
  const [, navigate] = useLocation();

  async function send(path: string, form: FormData): Promise<void> {
    const { signal } = (sending.current = new AbortController());
    setSent(0);
    setProblem(undefined);
    try {
      const { upload } = await sendFile(session, path, form, { onProgress: setSent, signal });
      navigate(`/customers/${customerId}/uploads/${upload.id}`);
    } catch (error) {
      if (!signal.aborted) setProblem(error);
    } finally {
      setSent(undefined);
    }
  }

  return {
    send,
    stop: () => sending.current?.abort(),
    forget: () => setProblem(undefined),
    sent,
    problem,
  };
}

function Sending({ file, sent, onCancel }: { file: File; sent: number; onCancel: () => void }) {
  return (
    <Paper withBorder p="md" maw={720}>
      <Group justify="space-between" mb="xs">
        <Text size="sm">{texts.upload.sending}</Text>
        <Text size="sm" c="dimmed">
          {formatBytes(Math.min(sent, file.size))} / {formatBytes(file.size)}
        </Text>
      </Group>
      <Progress value={(sent / Math.max(file.size, 1)) * 100} animated aria-label={texts.upload.sending} />
      <Button variant="default" size="compact-sm" mt="sm" onClick={onCancel}>
        {texts.actions.cancel}
      </Button>
    </Paper>
  );
}

function DuplicateHint({ customerId, problem }: { customerId: string; problem: unknown }) {
  const uploadId =
    problem instanceof ApiProblem && problem.code === 'duplicate' ? problem.body['uploadId'] : undefined;
  if (typeof uploadId !== 'string') return null;
  return (
    <Group>
      <Button component={Link} href={`/customers/${customerId}/uploads/${uploadId}`} variant="light">
        {texts.upload.showFirst}
      </Button>
    </Group>
  );
}

/** The fields that were filled in; a list of names is sent as the api takes it, separated by commas. */
function formOf(filled: FormData, fixed: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of [...Object.entries(fixed), ...filled.entries()]) {
    if (typeof value === 'string' && value !== '') form.append(name, value);
  }
  return form;
}
