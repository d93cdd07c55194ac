import { Group, MultiSelect, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { StoreSelect } from '../stores/store-select';
import { texts } from '../texts';

type Mode = keyof typeof texts.upload.modes;
const MODES = Object.keys(texts.upload.modes) as Mode[];

/** Name and store of a dataset that begins with the file. */
export function NewDatasetFields({ customerId, fileName }: { customerId: string; fileName: string }) {
  return (
    <Group grow align="flex-start">
      <TextInput
        name="name"
        label={texts.upload.datasetName}
        defaultValue={fileName.replace(/\.(csv|tsv|txt)(\.gz)?$/i, '')}
        required
      />
      <StoreSelect customerId={customerId} />
    </Group>
  );
}

/** What a further file does to the rows that are there; some modes tell rows apart by a key. */
export function ModeFields({ columns }: { columns: readonly string[] }) {
  const [mode, setMode] = useState<Mode>('append');
  return (
    <>
      <Select
        name="mode"
        label={texts.upload.mode}
        value={mode}
        onChange={(value) => setMode(value ?? 'append')}
        allowDeselect={false}
        data={MODES.map((value) => ({ value, label: texts.upload.modes[value] }))}
      />
      {(mode === 'upsert' || mode === 'mirror') && (
        <MultiSelect
          name="keyColumns"
          label={texts.upload.keyColumns}
          data={[...new Set(columns)]}
          required
        />
      )}
    </>
  );
}
