import { Button, Group, Pill, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { texts } from '../texts';
import { type Filter, type Operator, OPERATORS } from './question';

interface Props {
  columns: readonly string[];
  filters: readonly Filter[];
  onFilters: (filters: readonly Filter[]) => void;
}

export function FilterBar({ columns, filters, onFilters }: Props) {
  const names = [...new Set(columns)];
  const [column, setColumn] = useState(names[0] ?? '');
  const [operator, setOperator] = useState<Operator>('eq');
  const [value, setValue] = useState('');

  function add(event: FormEvent) {
    event.preventDefault();
    onFilters([...filters, { column, operator, value: operator === 'isnull' ? 'true' : value }]);
    setValue('');
  }

  return (
    <form onSubmit={add}>
      <Group gap="xs" mb="xs" align="flex-end">
        <Select
          size="xs"
          label={texts.datasets.filter}
          data={names}
          value={column}
          onChange={(name) => setColumn(name ?? column)}
          searchable
          allowDeselect={false}
        />
        <Select
          size="xs"
          aria-label={texts.datasets.operator}
          w={130}
          data={OPERATORS.map((name) => ({ value: name, label: texts.datasets.operators[name] }))}
          value={operator}
          onChange={(name) => setOperator(name ?? operator)}
          allowDeselect={false}
        />
        {operator !== 'isnull' && (
          <TextInput
            size="xs"
            aria-label={texts.uploads.value}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        )}
        <Button size="xs" type="submit" variant="default">
          {texts.datasets.addFilter}
        </Button>
        {filters.map((filter, index) => (
          <Pill
            key={`${filter.column} ${filter.operator} ${filter.value}`}
            withRemoveButton
            removeButtonProps={{ 'aria-label': texts.actions.remove, 'aria-hidden': false, tabIndex: 0 }}
            onRemove={() => onFilters(filters.toSpliced(index, 1))}
          >
            {filter.column} {texts.datasets.operators[filter.operator]} {filter.value}
          </Pill>
        ))}
      </Group>
    </form>
  );
}
