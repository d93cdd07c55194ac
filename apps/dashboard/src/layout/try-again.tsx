import { Button, Stack } from '@mantine/core';
import { texts } from '../texts';
import { ProblemAlert } from './problem-alert';

/** What was said against something that may yet work, and the way to ask for it again. */
export function TryAgain({ problem, onAgain }: { problem: unknown; onAgain: () => void }) {
  return (
    <Stack align="flex-start">
      <ProblemAlert problem={problem} />
      <Button variant="default" onClick={onAgain}>
        {texts.actions.tryAgain}
      </Button>
    </Stack>
  );
}
