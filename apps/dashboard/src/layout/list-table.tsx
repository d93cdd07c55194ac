import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

export interface ListColumn<T> {
  header: string;
  /** Numbers stand under each other, at the right. */
  isNumeric?: boolean;
  render: (item: T) => ReactNode;
}

interface Props<T> {
  items: readonly T[];
  columns: readonly ListColumn<T>[];
  /** @param index of the item, for lists in which nothing else tells them apart */
  keyOf: (item: T, index: number) => string;
  /** Where there is less room it scrolls sideways. */
  minWidth?: number;
}

/** What a list of the api answered, one row each. */
export function ListTable<T>({ items, columns, keyOf, minWidth = 560 }: Props<T>) {
  const classOf = ({ isNumeric }: ListColumn<T>) => (isNumeric === true ? { className: 'numeric' } : {});
  return (
    <Table.ScrollContainer minWidth={minWidth}>
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.header} {...classOf(column)}>
                {column.header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item, index) => (
            <Table.Tr key={keyOf(item, index)}>
              {columns.map((column) => (
                <Table.Td key={column.header} {...classOf(column)}>
                  {column.render(item)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
