import { Group, NumberInput, TextInput } from '@mantine/core';
import { answer, type Answer, type Store } from '@app/api-client';
import { FormModal } from '../layout/form-modal';
import { formText } from '../layout/form-text';
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

export function StoreForm({ customerId, store, ...dialog }: Props) {
  const api = useApi();

  function save(form: FormData) {
    const body = toBody(form);
    if (store === undefined) {
      return answer(
        api.POST('/api/v1/customers/{customerId}/stores', { params: { path: { customerId } }, body }),
      );
    }
    const params = { path: { customerId, storeId: store.id } };
    return answer(api.PATCH('/api/v1/customers/{customerId}/stores/{storeId}', { params, body }));
  }

  return (
    <FormModal
      {...dialog}
      title={store === undefined ? texts.stores.create : texts.stores.edit}
      submit={store === undefined ? texts.actions.create : texts.actions.save}
      save={save}
      changes={['stores', customerId]}
    >
      <TextInput name="name" label={texts.fields.name} defaultValue={store?.name} required data-autofocus />
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
    </FormModal>
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
