import { Button, Group, Modal, NumberInput, Stack, TextInput } from '@mantine/core';
import { answer, type Answer, type Store } from '@app/api-client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { formText } from '../layout/form-text';
import { ProblemAlert } from '../layout/problem-alert';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

interface Props {
  customerId: string;
  isOpen: boolean;
  onClose: () => void;
  /** The one that is edited; without it a new one is made. */
  store: Store | undefined;
}

type StoreBody = Omit<
  Answer<'/api/v1/customers/{customerId}/stores/{storeId}'>,
  'id' | 'customerId' | 'createdAt' | 'updatedAt'
>;

export function StoreForm({ customerId, isOpen, onClose, store }: Props) {
  const api = useApi();
  const queries = useQueryClient();
  const saving = useMutation({
    mutationFn: (body: StoreBody) =>
      store === undefined
        ? answer(
            api.POST('/api/v1/customers/{customerId}/stores', { params: { path: { customerId } }, body }),
          )
        : answer(
            api.PATCH('/api/v1/customers/{customerId}/stores/{storeId}', {
              params: { path: { customerId, storeId: store.id } },
              body,
            }),
          ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['stores', customerId] });
      onClose();
    },
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    saving.mutate(toBody(new FormData(event.currentTarget)));
  }

  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={store === undefined ? texts.stores.create : texts.stores.edit}
      closeButtonProps={{ 'aria-label': texts.actions.cancel }}
    >
      <form onSubmit={submit}>
        <Stack>
          <ProblemAlert problem={saving.error} />
          <TextInput
            name="name"
            label={texts.fields.name}
            defaultValue={store?.name}
            required
            data-autofocus
          />
          <TextInput name="code" label={texts.fields.code} defaultValue={store?.code ?? ''} />
          <Group grow>
            <TextInput name="city" label={texts.fields.city} defaultValue={store?.city ?? ''} />
            <TextInput name="country" label={texts.fields.country} defaultValue={store?.country ?? ''} />
          </Group>
          <Group grow>
            <TextInput
              name="timezone"
              label={texts.fields.timezone}
              defaultValue={store?.timezone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone}
            />
            <TextInput
              name="currency"
              label={texts.fields.currency}
              defaultValue={store?.currency ?? ''}
              maxLength={3}
            />
          </Group>
          <Group grow>
            <NumberInput
              name="latitude"
              label={texts.fields.latitude}
              defaultValue={store?.location?.latitude ?? ''}
              min={-90}
              max={90}
              hideControls
            />
            <NumberInput
              name="longitude"
              label={texts.fields.longitude}
              defaultValue={store?.location?.longitude ?? ''}
              min={-180}
              max={180}
              hideControls
            />
          </Group>
          <Button type="submit" loading={saving.isPending}>
            {store === undefined ? texts.actions.create : texts.actions.save}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

const orNull = (value: string) => (value === '' ? null : value);

function toBody(form: FormData): StoreBody {
  const text = (name: string) => formText(form, name);
  const [latitude, longitude] = [text('latitude'), text('longitude')];
  return {
    name: text('name'),
    code: orNull(text('code')),
    city: orNull(text('city')),
    country: orNull(text('country')),
    timezone: text('timezone'),
    currency: orNull(text('currency').toUpperCase()),
    location:
      latitude === '' || longitude === ''
        ? null
        : { latitude: Number(latitude), longitude: Number(longitude) },
  };
}
