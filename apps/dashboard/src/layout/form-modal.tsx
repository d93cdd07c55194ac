import { Button, Modal, Stack } from '@mantine/core';
import type { QueryKey } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { texts } from '../texts';
import { ProblemAlert } from './problem-alert';
import { useChange } from './use-change';

interface FormProps {
  submit: string;
  save: (form: FormData) => Promise<unknown>;
  /** What is asked anew when it is saved. */
  changes: QueryKey;
  /** The fields. */
  children: ReactNode;
}

interface Props extends FormProps {
  title: string;
  /** Of the dialog; medium unless told. */
  size?: 'lg' | 'xl';
  isOpen: boolean;
  onClose: () => void;
}

/** A dialog with a form, which closes when the api has taken it and else shows what the api said. */
export function FormModal({ title, size, isOpen, onClose, ...form }: Props) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      {...(size !== undefined && { size })}
      closeButtonProps={{ 'aria-label': texts.actions.cancel }}
    >
      <ModalForm {...form} onSaved={onClose} />
    </Modal>
  );
}

function ModalForm({ submit, save, changes, children, onSaved }: FormProps & { onSaved: () => void }) {
  const saving = useChange(save, changes, onSaved);

  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    saving.mutate(new FormData(event.currentTarget));
  }

  return (
    <form onSubmit={send}>
      <Stack>
        <ProblemAlert problem={saving.error} />
        {children}
        <Button type="submit" loading={saving.isPending}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}
