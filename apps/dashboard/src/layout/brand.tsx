import { Group, Image, Text } from '@mantine/core';
import { texts } from '../texts';

/** In narrow frames the sign has to do. */
export function Brand({ isShort = false }: { isShort?: boolean }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Image src="/icon.svg" alt="" w={28} h={28} />
      <Text fw={700} size="lg" {...(isShort && { visibleFrom: 'sm' })}>
        {texts.product}
      </Text>
    </Group>
  );
}
