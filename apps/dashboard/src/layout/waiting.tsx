import { Center, Loader } from '@mantine/core';
import { texts } from '../texts';

export function Waiting() {
  return (
    <Center p="xl">
      <Loader aria-label={texts.loading} />
    </Center>
  );
}
