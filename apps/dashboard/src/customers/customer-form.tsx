import { Button, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { answer, type Customer } from '@app/api-client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { formText } from '../layout/form-text';
import { ProblemAlert } from '../layout/problem-alert';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  /** The one that is edited; without it a new one is made. */
  customer: Customer | undefined;
}

export function CustomerForm({ isOpen, onClose, customer }: Props) {
  const api = useApi();
  const queries = useQueryClient();
  const saving = useMutation({
    mutationFn: (body: { name: string; description: string }) =>
      customer === undefined
        ? answer(api.POST('/api/v1/customers', { body }))
        : answer(
            api.PATCH('/api/v1/customers/{customerId}', {
              params: { path: { customerId: customer.id } },
              body,
            }),
          ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['customers'] });
      onClose();
    },
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    saving.mutate({ name: formText(form, 'name'), description: formText(form, 'description') });
  }

  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={customer === undefined ? texts.customers.create : texts.customers.edit}
      closeButtonProps={{ 'aria-label': texts.actions.cancel }}
    >
      <form onSubmit={submit}>
        <Stack>
          <ProblemAlert problem={saving.error} />
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
          <Button type="submit" loading={saving.isPending}>
            {customer === undefined ? texts.actions.create : texts.actions.save}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
