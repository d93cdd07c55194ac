import { Button, Group, MultiSelect, Paper, Progress, Select, Stack, Text, TextInput } from '@mantine/core';
import { ApiProblem } from '@app/api-client';
import { type FormEvent, useRef, useState } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import { useDataset, useDatasets } from '../datasets/dataset-queries';
import { formatBytes } from '../format';
import { Page } from '../layout/page';
import { ProblemAlert } from '../layout/problem-alert';
import { useSession } from '../session/session-provider';
import { useStores } from '../stores/store-queries';
import { texts } from '../texts';
import { DropZone } from './drop-zone';
import { sendFile } from './send-file';

const NEW = 'new';
type Mode = keyof typeof texts.upload.modes;
const MODES = Object.keys(texts.upload.modes) as Mode[];

export default function UploadPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const [file, setFile] = useState<File | null>(null);
  const [datasetId, setDatasetId] = useState(NEW);
  const [sent, setSent] = useState<number>();
  const [problem, setProblem] = useState<unknown>();
  const sending = useRef<AbortController>(null);
  const datasets = useDatasets(customerId);
  const { session } = useSession();
  const [, navigate] = useLocation();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (file === null) return;
    const isNew = datasetId === NEW;
    const form = formOf(new FormData(event.currentTarget), isNew ? { customerId } : {});
    form.append('file', file);
    sending.current = new AbortController();
    setSent(0);
    setProblem(undefined);
    try {
      const path = isNew ? '/api/v1/datasets' : `/api/v1/datasets/${datasetId}/uploads`;
      const { upload } = await sendFile(session, path, form, {
        onProgress: setSent,
        signal: sending.current.signal,
      });
      navigate(`/customers/${customerId}/uploads/${upload.id}`);
    } catch (error) {
      if (!sending.current.signal.aborted) setProblem(error);
    } finally {
      setSent(undefined);
    }
  }

  return (
    <Page title={texts.upload.title} lead={texts.upload.lead}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack maw={720}>
          <DropZone file={file} onFile={setFile} />
          <Select
            label={texts.upload.into}
            value={datasetId}
            onChange={(value) => setDatasetId(value ?? NEW)}
            allowDeselect={false}
            data={[
              { value: NEW, label: texts.upload.newDataset },
              ...(datasets.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          {datasetId === NEW ? (
            <NewDatasetFields key={file?.name} customerId={customerId} fileName={file?.name ?? ''} />
          ) : (
            <ModeFields key={datasetId} datasetId={datasetId} />
          )}
          <ProblemAlert problem={problem} />
          <DuplicateHint customerId={customerId} problem={problem} />
          {sent === undefined || file === null ? (
            <Group>
              <Button type="submit" disabled={file === null}>
                {texts.upload.start}
              </Button>
            </Group>
          ) : (
            <Sending file={file} sent={sent} onCancel={() => sending.current?.abort()} />
          )}
        </Stack>
      </form>
    </Page>
  );
}

function NewDatasetFields({ customerId, fileName }: { customerId: string; fileName: string }) {
  const stores = useStores(customerId);
  return (
    <Group grow align="flex-start">
      <TextInput
        name="name"
        label={texts.upload.datasetName}
        defaultValue={fileName.replace(/\.(csv|tsv|txt)(\.gz)?$/i, '')}
        required
      />
      <Select
        name="storeId"
        label={texts.fields.store}
        placeholder={texts.none}
        clearable
        data={(stores.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      />
    </Group>
  );
}

function ModeFields({ datasetId }: { datasetId: string }) {
  const [mode, setMode] = useState<Mode>('append');
  const dataset = useDataset(datasetId);
  return (
    <>
      <Select
        name="mode"
        label={texts.upload.mode}
        value={mode}
        onChange={(value) => setMode(value ?? 'append')}
        allowDeselect={false}
        data={MODES.map((value) => ({ value, label: texts.upload.modes[value] }))}
      />
      {(mode === 'upsert' || mode === 'mirror') && (
        <MultiSelect
          name="keyColumns"
          label={texts.upload.keyColumns}
          data={[...new Set((dataset.data?.columns ?? []).map(({ name }) => name))]}
          required
        />
      )}
    </>
  );
}

function Sending({ file, sent, onCancel }: { file: File; sent: number; onCancel: () => void }) {
  return (
    <Paper withBorder p="md">
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
    <Button component={Link} href={`/customers/${customerId}/uploads/${uploadId}`} variant="light">
      {texts.upload.showFirst}
    </Button>
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
