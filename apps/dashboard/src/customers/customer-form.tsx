import { Textarea, TextInput } from '@mantine/core';
import { answer, type Customer } from '@app/api-client';
import { FormModal } from '../layout/form-modal';
import { formText } from '../layout/form-text';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  /** The one that is edited; without it a new one is made. */
  customer: Customer | undefined;
}

export function CustomerForm({ customer, ...dialog }: Props) {
  const api = useApi();

  function save(form: FormData) {
    const body = { name: formText(form, 'name'), description: formText(form, 'description') };
    if (customer === undefined) return answer(api.POST('/api/v1/customers', { body }));
    const params = { path: { customerId: customer.id } };
    return answer(api.PATCH('/api/v1/customers/{customerId}', { params, body }));
  }

  return (
    <FormModal
      {...dialog}
      title={customer === undefined ? texts.customers.create : texts.customers.edit}
      submit={customer === undefined ? texts.actions.create : texts.actions.save}
      save={save}
      changes={['customers']}
    >
      <TextInput
        name="name"
        label={texts.fields.name}
        defaultValue={customer?.name}
        required
        data-autofocus
      />
      <Textarea
        name="description"
        label={texts.fields.description}
        defaultValue={customer?.description}
        autosize
      />
    </FormModal>
  );
}
