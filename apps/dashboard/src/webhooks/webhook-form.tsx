import { MultiSelect, Switch, TextInput } from '@mantine/core';
import { answer, type Webhook } from '@app/api-client';
import { useState } from 'react';
import { FormModal } from '../layout/form-modal';
import { formText } from '../layout/form-text';
import { optionsOf } from '../layout/options-of';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

interface Props {
  customerId: string;
  isOpen: boolean;
  onClose: () => void;
  /** The one that is edited; without it a new one is made. */
  webhook: Webhook | undefined;
  /** Told the secret, which the api shows this once. */
  onSecret: (secret: string) => void;
}

type EventName = Webhook['events'][number];
const words = texts.webhooks;
const EVENTS = optionsOf(texts.notifications.types);

export function WebhookForm(props: Props) {
  return <Fields key={`${props.webhook?.id} ${props.isOpen}`} {...props} />;
}

function Fields({ customerId, webhook, onSecret, ...dialog }: Props) {
  const api = useApi();
  const [events, setEvents] = useState<EventName[]>(webhook?.events ?? []);

  async function save(form: FormData) {
    const given = {
      url: formText(form, 'url'),
      description: formText(form, 'description'),
      ...(events.length > 0 && { events }),
    };
    if (webhook === undefined) {
      const { secret } = await answer(api.POST('/api/v1/webhooks', { body: { customerId, ...given } }));
      onSecret(secret);
      return;
    }
    const params = { path: { webhookId: webhook.id } };
    const body = { ...given, enabled: form.has('enabled') };
    await answer(api.PATCH('/api/v1/webhooks/{webhookId}', { params, body }));
  }

  return (
    <FormModal
      {...dialog}
      title={webhook === undefined ? words.create : words.edit}
      submit={webhook === undefined ? texts.actions.create : texts.actions.save}
      save={save}
      changes={['webhooks', customerId]}
    >
      <TextInput
        name="url"
        type="url"
        label={words.url}
        description={words.urlNote}
        defaultValue={webhook?.url}
        required
        data-autofocus
      />
      <TextInput
        name="description"
        label={texts.fields.description}
        defaultValue={webhook?.description ?? ''}
      />
      <MultiSelect
        label={words.events}
        placeholder={events.length === 0 ? words.allEvents : ''}
        data={EVENTS}
        value={events}
        onChange={setEvents}
      />
      {webhook !== undefined && (
        <Switch name="enabled" label={words.enabled} defaultChecked={webhook.enabled} />
      )}
    </FormModal>
  );
}
