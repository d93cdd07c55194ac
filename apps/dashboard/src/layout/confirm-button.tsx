import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { UseMutationResult } from '@tanstack/react-query';
import { texts } from '../texts';
import { ProblemAlert } from './problem-alert';

interface Props {
  label: string;
  /** What the user is asked before it is done. */
  question: string;
  action: Pick<UseMutationResult<unknown, unknown, void>, 'mutate' | 'isPending' | 'error' | 'reset'>;
}

export function ConfirmButton({ label, question, action }: Props) {
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <>
      <Button
        size="compact-sm"
        variant="light"
        color="red"
        onClick={() => {
          action.reset();
          open();
        }}
      >
        {label}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={label}
        closeButtonProps={{ 'aria-label': texts.actions.cancel }}
      >
        <Stack>
          <Text>{question}</Text>
          <ProblemAlert problem={action.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {texts.actions.cancel}
            </Button>
            <Button
              color="red"
              loading={action.isPending}
              onClick={() => action.mutate(undefined, { onSuccess: close })}
            >
              {texts.actions.confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
