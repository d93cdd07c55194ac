import { Group, Progress, Stack, Text } from '@mantine/core';
import type { Task } from '@app/api-client';
import { formatInteger, formatSeconds } from '../format';
import { texts, wordsOf } from '../texts';

/** How far a task is, at which rate, and how long it still takes. */
export function TaskProgress({ task }: { task: Task | undefined }) {
  const progress = task?.progress;
  const isWaiting = task === undefined || task.status === 'queued' || !progress;
  const percent = isWaiting || progress.total === 0 ? 0 : (progress.done / progress.total) * 100;
  const label = isWaiting ? texts.upload.waiting : wordsOf(texts.phases, progress.phase ?? 'reading');
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        {/* Only what is done is spoken of: figures change all the time. */}
        <Text size="sm" aria-live="polite">
          {label}
        </Text>
        {!isWaiting && (
          <Text size="sm" c="dimmed">
            {[
              `${formatInteger(progress.done)} / ${formatInteger(progress.total)} ${progress.unit}`,
              progress.ratePerSecond !== null &&
                texts.upload.rate(formatInteger(progress.ratePerSecond), progress.unit),
              progress.etaSeconds !== null && texts.upload.left(formatSeconds(progress.etaSeconds)),
            ]
              .filter((part) => part !== false)
              .join(' · ')}
          </Text>
        )}
      </Group>
      <Progress value={isWaiting ? 100 : percent} animated striped={isWaiting} aria-label={label} />
    </Stack>
  );
}
