import { ColorSwatch, Group, Text } from '@mantine/core';
import { colorOf } from './segment-colors';

const DOT = 10;

/** A segment by its name, with the colour in which charts draw it. */
export function SegmentName({ index, name }: { index: number; name: string }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <ColorSwatch size={DOT} miw={DOT} color={`var(--mantine-color-${colorOf(index)}-6)`} />
      <Text size="sm" fw={600}>
        {name}
      </Text>
    </Group>
  );
}
