import { NativeSelect, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import type { Dataset, Trial } from '@app/api-client';
import { formatShare } from '../../format';
import { texts } from '../../texts';
import { ColumnFields } from './column-fields';
import type { ColumnDemand, ColumnType, Reading, RoleName } from './reading';
import { optionsOf } from '../../layout/options-of';

interface Props {
  reading: Reading;
  onReading: (reading: Reading) => void;
  /** As the file, or the last reading of it, has them. */
  columns: readonly { name: string; type: ColumnType }[];
  roles: Dataset['roles'] | Trial['roles'];
}

const words = texts.reading;
/** Keeps the place of a note, so that fields stand in one line. */
const NO_NOTE = '\u00a0';

/** How a file is to be read, where what was found in it is not what is meant. */
export function ReadingEditor({ reading, onReading, columns, roles }: Props) {
  const names = [...new Set(columns.map(({ name }) => name))];
  const change = (part: Partial<Reading>) => onReading({ ...reading, ...part });
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        <NativeSelect
          label={texts.uploads.delimiter}
          data={optionsOf(words.delimiters)}
          value={reading.delimiter}
          onChange={(event) => change({ delimiter: event.currentTarget.value })}
        />
        <NativeSelect
          label={words.header}
          data={optionsOf(words.headers)}
          value={reading.header}
          onChange={(event) => change({ header: event.currentTarget.value as Reading['header'] })}
        />
        <NativeSelect
          label={words.decimal}
          data={optionsOf(words.decimals)}
          value={reading.decimal}
          onChange={(event) => change({ decimal: event.currentTarget.value as Reading['decimal'] })}
        />
        <NativeSelect
          label={words.dateOrder}
          data={optionsOf(words.dateOrders)}
          value={reading.dateOrder}
          onChange={(event) => change({ dateOrder: event.currentTarget.value as Reading['dateOrder'] })}
        />
        <TextInput
          label={texts.uploads.encoding}
          placeholder={words.asFound}
          defaultValue={reading.encoding}
          onBlur={(event) => change({ encoding: event.currentTarget.value.trim() })}
        />
      </SimpleGrid>
      <Title order={3} size="h5">
        {words.roles}
      </Title>
      <RoleFields
        names={names}
        roles={roles}
        chosen={reading.roles}
        onChosen={(chosen) => change({ roles: chosen })}
      />
      <Title order={3} size="h5">
        {words.typesOfColumns}
      </Title>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        {columns.map(({ name, type }, index) => (
          <ColumnFields
            // Two columns may have one name.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            name={name}
            found={type}
            demand={reading.columns[name] ?? {}}
            onDemand={(demand) => change({ columns: withDemand(reading.columns, name, demand) })}
          />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

interface RoleProps {
  names: readonly string[];
  roles: Props['roles'];
  chosen: Reading['roles'];
  onChosen: (chosen: Reading['roles']) => void;
}

/** Which column says who bought, when, what and for how much. */
function RoleFields({ names, roles, chosen, onChosen }: RoleProps) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
      {roles.map(({ role, column, confidence }) => (
        <NativeSelect
          key={role}
          label={words.roleNames[role]}
          description={
            confidence === null || chosen[role] !== undefined ? NO_NOTE : words.sure(formatShare(confidence))
          }
          data={[
            { value: '', label: chosen[role] === undefined ? (column ?? texts.none) : words.asProposed },
            ...names.map((name) => ({ value: name, label: name })),
          ]}
          value={chosen[role] ?? ''}
          onChange={(event) => onChosen(withRole(chosen, role, event.currentTarget.value))}
        />
      ))}
      {roles.length === 0 && <Text c="dimmed">{words.noRoles}</Text>}
    </SimpleGrid>
  );
}

/** A column plays one role: what it was chosen for before it plays no more. */
function withRole(chosen: Reading['roles'], role: RoleName, column: string): Reading['roles'] {
  const others = Object.entries(chosen).filter(([name, held]) => name !== role && held !== column);
  return Object.fromEntries(column === '' ? others : [...others, [role, column]]);
}

function withDemand(columns: Reading['columns'], name: string, demand: ColumnDemand): Reading['columns'] {
  const others = Object.entries(columns).filter(([other]) => other !== name);
  return Object.fromEntries(Object.keys(demand).length === 0 ? others : [...others, [name, demand]]);
}
