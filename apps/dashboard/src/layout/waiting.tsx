import { Center, Loader, VisuallyHidden } from '@mantine/core';
import { texts } from '../texts';

export function Waiting() {
  return (
    <Center p="xl" role="status">
      <Loader aria-hidden />
      <VisuallyHidden>{texts.loading}</VisuallyHidden>
    </Center>
  );
}
