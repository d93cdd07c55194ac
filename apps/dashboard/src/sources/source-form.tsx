import { Group, Select, Switch, TextInput } from '@mantine/core';
import { answer, type Source } from '@app/api-client';
import { useState } from 'react';
import { FormModal } from '../layout/form-modal';
import { formText } from '../layout/form-text';
import { optionsOf } from '../layout/options-of';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { type Intake, IntakeFields, intakeOf, intakeBody } from './intake-fields';
import { NewSourceTarget } from './new-source-target';

interface Props {
  customerId: string;
  isOpen: boolean;
  onClose: () => void;
  /** The one that is edited; without it a new one is made. */
  source: Source | undefined;
}

const words = texts.sources;
const KINDS = optionsOf(words.kinds);

export function SourceForm(props: Props) {
  return <Fields key={`${props.source?.id} ${props.isOpen}`} {...props} />;
}

function Fields({ customerId, source, ...dialog }: Props) {
  const api = useApi();
  const [kind, setKind] = useState<Source['kind']>(source?.kind ?? 'folder');
  const [intake, setIntake] = useState<Intake>(intakeOf(source));

  function save(form: FormData) {
    const text = (name: string) => formText(form, name);
    const schedule = text('schedule');
    const given = {
      ...filled('name', text('name')),
      prefix: text('prefix'),
      ...filled('pattern', text('pattern')),
      ...filled('timezone', text('timezone')),
      publishTo: text('publishTo') === '' ? null : text('publishTo'),
      paused: form.has('paused'),
      ...intakeBody(intake),
    };
    if (source !== undefined) {
      const params = { path: { sourceId: source.id } };
      const body = { ...given, schedule: schedule === '' ? null : schedule };
      return answer(api.PATCH('/api/v1/sources/{sourceId}', { params, body }));
    }
    const body = {
      customerId,
      kind,
      ...given,
      // Left out it is usual, which is not never for a bundle.
      ...filled('schedule', schedule),
      ...(kind === 's3' && { bucket: text('bucket') }),
      ...filled('storeId', text('storeId')),
      ...filled('datasetId', text('datasetId')),
      ...(intake.isBundle && {
        bundle: {
          idColumn: text('idColumn'),
          imageColumn: text('imageColumn'),
          imagePathColumn: text('imagePathColumn'),
        },
      }),
    };
    return answer(api.POST('/api/v1/sources', { body }));
  }

  return (
    <FormModal
      {...dialog}
      size="lg"
      title={source === undefined ? words.create : words.edit}
      submit={source === undefined ? texts.actions.create : texts.actions.save}
      save={save}
      changes={['sources', customerId]}
    >
      <TextInput name="name" label={texts.fields.name} defaultValue={source?.name} data-autofocus />
      {source === undefined && (
        <>
          <Group grow>
            <Select
              label={words.kind}
              data={KINDS}
              value={kind}
              onChange={(value) => value !== null && setKind(value)}
              allowDeselect={false}
            />
            {kind === 's3' && <TextInput name="bucket" label={words.bucket} required />}
          </Group>
          <NewSourceTarget customerId={customerId} />
        </>
      )}
      <Group grow align="flex-end">
        <TextInput
          name="prefix"
          label={words.prefix}
          description={words.prefixNote}
          defaultValue={source?.prefix}
        />
        <TextInput
          name="pattern"
          label={words.pattern}
          description={words.patternNote}
          placeholder="**/*.{csv,csv.gz,zip}"
          defaultValue={source?.pattern}
        />
      </Group>
      <Group grow align="flex-end">
        <TextInput
          name="schedule"
          label={words.schedule}
          description={words.scheduleNote}
          placeholder="every 55m"
          defaultValue={source?.schedule ?? ''}
        />
        <TextInput
          name="timezone"
          label={texts.fields.timezone}
          description={words.timezoneNote}
          defaultValue={source?.timezone}
        />
      </Group>
      <IntakeFields intake={intake} onIntake={setIntake} isNew={source === undefined} />
      <TextInput
        name="publishTo"
        label={words.publishTo}
        description={words.publishNotes[kind]}
        defaultValue={publishedTo(source)}
      />
      <Switch name="paused" label={words.paused} defaultChecked={source?.paused ?? false} />
    </FormModal>
  );
}

const filled = <Name extends string>(name: Name, value: string) =>
  (value === '' ? {} : { [name]: value }) as Partial<Record<Name, string>>;

/** The place as it is typed. */
export function publishedTo(source: Source | undefined): string {
  const place = source?.publishTo;
  if (!place) return '';
  return place.bucket === null ? place.prefix : `${place.bucket}/${place.prefix}`;
}
