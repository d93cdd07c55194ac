import { Select, Switch, TextInput } from '@mantine/core';
import { answer, type Source } from '@app/api-client';
import { useState } from 'react';
import { useDatasets } from '../datasets/dataset-queries';
import { FormModal } from '../layout/form-modal';
import { formText } from '../layout/form-text';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

interface Props {
  customerId: string;
  isOpen: boolean;
  onClose: () => void;
  /** The one that is edited; without it a new one is made. */
  source: Source | undefined;
}

const words = texts.sources;
const KINDS = Object.entries(words.kinds).map(([value, label]) => ({ value, label }));

export function SourceForm({ customerId, source, ...dialog }: Props) {
  const api = useApi();
  const datasets = useDatasets(customerId);
  const [kind, setKind] = useState<Source['kind']>('folder');

  function save(form: FormData) {
    const text = (name: string) => formText(form, name);
    const given = {
      ...(text('name') !== '' && { name: text('name') }),
      prefix: text('prefix'),
      ...(text('pattern') !== '' && { pattern: text('pattern') }),
      schedule: text('schedule') === '' ? null : text('schedule'),
      paused: form.has('paused'),
    };
    if (source !== undefined) {
      const params = { path: { sourceId: source.id } };
      return answer(api.PATCH('/api/v1/sources/{sourceId}', { params, body: given }));
    }
    const body = {
      customerId,
      kind,
      ...given,
      ...(kind === 's3' && { bucket: text('bucket') }),
      ...(text('datasetId') !== '' && { datasetId: text('datasetId') }),
    };
    return answer(api.POST('/api/v1/sources', { body }));
  }

  return (
    <FormModal
      {...dialog}
      title={source === undefined ? words.create : words.edit}
      submit={source === undefined ? texts.actions.create : texts.actions.save}
      save={save}
      changes={['sources', customerId]}
    >
      <TextInput name="name" label={texts.fields.name} defaultValue={source?.name} data-autofocus />
      {source === undefined && (
        <>
          <Select
            label={words.kind}
            data={KINDS}
            value={kind}
            onChange={(value) => setKind((value as Source['kind'] | null) ?? kind)}
            allowDeselect={false}
          />
          {kind === 's3' && <TextInput name="bucket" label={words.bucket} required />}
          <Select
            name="datasetId"
            label={texts.upload.into}
            placeholder={texts.upload.newDataset}
            clearable
            data={(datasets.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          />
        </>
      )}
      <TextInput
        name="prefix"
        label={words.prefix}
        description={words.prefixNote}
        defaultValue={source?.prefix}
      />
      <TextInput
        name="pattern"
        label={words.pattern}
        placeholder="**/*.{csv,csv.gz,zip}"
        defaultValue={source?.pattern}
      />
      <TextInput
        name="schedule"
        label={words.schedule}
        description={words.scheduleNote}
        placeholder="every 55m"
        defaultValue={source?.schedule ?? ''}
      />
      <Switch name="paused" label={words.paused} defaultChecked={source?.paused ?? false} />
    </FormModal>
  );
}
