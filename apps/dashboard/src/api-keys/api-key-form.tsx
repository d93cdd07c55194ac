import { TextInput } from '@mantine/core';
import { answer } from '@app/api-client';
import { FormModal } from '../layout/form-modal';
import { formText } from '../layout/form-text';
import { roleIn, RoleSelect } from '../members/role-select';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

interface Props {
  customerId: string;
  isOpen: boolean;
  onClose: () => void;
  /** Told the key, which the api shows this once. */
  onMade: (key: string) => void;
}

export function ApiKeyForm({ customerId, onMade, ...dialog }: Props) {
  const api = useApi();

  async function save(form: FormData) {
    const body = { customerId, name: formText(form, 'name'), role: roleIn(form) };
    const { key } = await answer(api.POST('/api/v1/api-keys', { body }));
    onMade(key);
  }

  return (
    <FormModal
      {...dialog}
      title={texts.apiKeys.create}
      submit={texts.actions.create}
      save={save}
      changes={['api-keys', customerId]}
    >
      <TextInput name="name" label={texts.fields.name} required data-autofocus />
      <RoleSelect />
    </FormModal>
  );
}
