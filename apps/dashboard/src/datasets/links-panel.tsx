import { Alert, Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { answer, type Dataset, type DatasetLink } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCustomerRole } from '../customers/customer-role';
import { formatInteger, formatShare } from '../format';
import { ConfirmButton } from '../layout/confirm-button';
import { DownloadButton } from '../layout/download-button';
import { FormModal } from '../layout/form-modal';
import { formText } from '../layout/form-text';
import { type ListColumn, ListTable } from '../layout/list-table';
import { QueryState } from '../layout/query-state';
import { StatusBadge } from '../layout/status-badge';
import { useChange } from '../layout/use-change';
import { useEditor } from '../layout/use-editor';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { useDatasets } from './dataset-queries';

const words = texts.links;
const PAGE_SIZE = 100;

/** Which datasets this one points at or is pointed at by, and how well their values meet. */
export default function LinksPanel({ dataset }: { dataset: Dataset }) {
  const { canWrite } = useCustomerRole(dataset.customerId);
  const api = useApi();
  const datasets = useDatasets(dataset.customerId);
  const links = useQuery({
    queryKey: ['links', dataset.id],
    queryFn: () =>
      answer(api.GET('/api/v1/links', { params: { query: { datasetId: dataset.id, pageSize: PAGE_SIZE } } })),
  });
  const { show, isOpen, onClose } = useEditor();
  const nameOf = (id: string) => datasets.data?.results.find((other) => other.id === id)?.name ?? id;
  return (
    <Stack align="stretch">
      {canWrite && (
        <Group>
          <Button variant="default" onClick={() => show()}>
            {words.create}
          </Button>
        </Group>
      )}
      <QueryState query={links} isEmpty={({ count }) => count === 0} empty={words.empty}>
        {({ results }) => (
          <ListTable
            items={results}
            keyOf={({ id }) => id}
            minWidth={720}
            columns={columnsOf(nameOf, canWrite)}
          />
        )}
      </QueryState>
      <LinkForm
        dataset={dataset}
        others={(datasets.data?.results ?? []).filter(({ id }) => id !== dataset.id)}
        isOpen={isOpen}
        onClose={onClose}
      />
    </Stack>
  );
}

const columnsOf = (nameOf: (id: string) => string, canWrite: boolean): ListColumn<DatasetLink>[] => [
  {
    header: words.from,
    render: ({ fromDatasetId, fromColumn }) => `${nameOf(fromDatasetId)} · ${fromColumn}`,
  },
  { header: words.to, render: ({ toDatasetId, toColumn }) => `${nameOf(toDatasetId)} · ${toColumn}` },
  { header: texts.fields.status, render: ({ status }) => <StatusBadge status={status} /> },
  { header: words.matchRate, isNumeric: true, render: ({ matchRate }) => formatShare(matchRate) },
  { header: words.orphans, isNumeric: true, render: ({ orphanCount }) => formatInteger(orphanCount) },
  {
    header: texts.fields.actions,
    render: (link) => (
      <Group gap="xs">
        {(link.orphanCount ?? 0) > 0 && (
          <DownloadButton path={`/api/v1/links/${link.id}/orphans?format=csv`} label={words.orphans} />
        )}
        {canWrite && <RemoveLink link={link} />}
      </Group>
    ),
  },
];

function RemoveLink({ link: { id } }: { link: DatasetLink }) {
  const api = useApi();
  const params = { path: { linkId: id } };
  const removal = useChange(() => answer(api.DELETE('/api/v1/links/{linkId}', { params })), ['links']);
  return <ConfirmButton label={texts.actions.remove} question={words.remove} action={removal} />;
}

interface FormProps {
  dataset: Dataset;
  others: readonly Dataset[];
  isOpen: boolean;
  onClose: () => void;
}

const namesOf = (dataset: Dataset | undefined) => [
  ...new Set((dataset?.columns ?? []).map(({ name }) => name)),
];

function LinkForm({ dataset, others, ...dialog }: FormProps) {
  const api = useApi();
  const [toDatasetId, setToDatasetId] = useState<string | null>(null);
  function save(form: FormData) {
    const name = formText(form, 'name');
    const body = {
      ...(name !== '' && { name }),
      fromDatasetId: dataset.id,
      fromColumn: formText(form, 'fromColumn'),
      toDatasetId: toDatasetId ?? '',
      toColumn: formText(form, 'toColumn'),
    };
    return answer(api.POST('/api/v1/links', { body }));
  }

  return (
    <FormModal {...dialog} title={words.create} submit={texts.actions.create} save={save} changes={['links']}>
      {others.length === 0 && <Alert color="yellow">{words.needsOther}</Alert>}
      <TextInput name="name" label={texts.fields.name} />
      <Select name="fromColumn" label={words.fromColumn} data={namesOf(dataset)} searchable required />
      <Select
        label={words.toDataset}
        data={others.map(({ id, name }) => ({ value: id, label: name }))}
        value={toDatasetId}
        onChange={setToDatasetId}
        required
      />
      <Select
        key={toDatasetId}
        name="toColumn"
        label={words.toColumn}
        data={namesOf(others.find(({ id }) => id === toDatasetId))}
        searchable
        required
      />
    </FormModal>
  );
}
