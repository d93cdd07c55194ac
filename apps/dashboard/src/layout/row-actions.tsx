import { Button, Group } from '@mantine/core';
import { texts } from '../texts';
import { ConfirmButton } from './confirm-button';
import { useChange } from './use-change';
import type { QueryKey } from '@tanstack/react-query';

interface Props {
  onEdit: () => void;
  removal: {
    /** Default: delete. */
    label?: string;
    question: string;
    run: () => Promise<unknown>;
    /** What is asked anew afterwards. */
    changes: QueryKey;
  };
}

/** What can be done with one thing of a list: change it, or remove it once the user says so again. */
export function RowActions({ onEdit, removal }: Props) {
  const action = useChange(removal.run, removal.changes);
  return (
    <Group gap="xs" wrap="nowrap">
      <Button size="compact-sm" variant="default" onClick={onEdit}>
        {texts.actions.edit}
      </Button>
      <ConfirmButton
        label={removal.label ?? texts.actions.remove}
        question={removal.question}
        action={action}
      />
    </Group>
  );
}
