import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { texts } from '../texts';

const PAUSE_MS = 250;

/** Tells what to search for once the user pauses. */
export function SearchField({ onSearch }: { onSearch: (text: string) => void }) {
  const tell = useDebouncedCallback(onSearch, PAUSE_MS);
  return (
    <TextInput
      aria-label={texts.fields.search}
      placeholder={texts.fields.search}
      leftSection={<IconSearch size={16} aria-hidden />}
      maw={360}
      onChange={(event) => tell(event.currentTarget.value)}
    />
  );
}
