import { NativeSelect, Stack } from '@mantine/core';
import { texts } from '../../texts';
import type { ColumnDemand, ColumnType } from './reading';
import { optionsOf } from '../../layout/options-of';

const words = texts.reading;

interface Props {
  name: string;
  /** The type that its values were found to have. */
  found: ColumnType;
  demand: ColumnDemand;
  onDemand: (demand: ColumnDemand) => void;
}

/** What one column is to be read as, and how its numbers or dates are written. */
export function ColumnFields({ name, found, demand, onDemand }: Props) {
  const { type: demanded, decimal, dateOrder } = demand;
  const type = demanded ?? found;
  const ofType = demanded === undefined ? {} : { type: demanded };
  return (
    <Stack gap={4}>
      <NativeSelect
        label={name}
        data={[{ value: '', label: words.found(words.types[found]) }, ...optionsOf(words.types)]}
        value={demanded ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onDemand(value === '' ? {} : { type: value as ColumnType })
        }
      />
      {(type === 'decimal' || type === 'integer') && (
        <NativeSelect
          size="xs"
          aria-label={`${name}: ${words.decimal}`}
          data={optionsOf({ ...words.decimals, '': words.decimal })}
          value={decimal ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onDemand({ ...ofType, ...(value !== '' && { decimal: value as '.' | ',' }) })
          }
        />
      )}
      {(type === 'date' || type === 'timestamp') && (
        <NativeSelect
          size="xs"
          aria-label={`${name}: ${words.dateOrder}`}
          data={optionsOf({ ...words.dateOrders, '': words.dateOrder })}
          value={dateOrder ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onDemand({ ...ofType, ...(value !== '' && { dateOrder: value as 'dmy' | 'mdy' | 'ymd' }) })
          }
        />
      )}
    </Stack>
  );
}
