import { Anchor, Button, Group, Table, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { answer, type Customer } from '@app/api-client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { formatDay } from '../format';
import { ConfirmButton } from '../layout/confirm-button';
import { Page } from '../layout/page';
import { QueryState } from '../layout/query-state';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { CustomerForm } from './customer-form';
import { useCustomers } from './customer-queries';

export function CustomersPage() {
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search, 250);
  const customers = useCustomers(wanted);
  const [isOpen, { open, close }] = useDisclosure();
  const [edited, setEdited] = useState<Customer>();

  function show(customer?: Customer) {
    setEdited(customer);
    open();
  }

  return (
    <Page
      title={texts.customers.title}
      lead={texts.customers.lead}
      actions={<Button onClick={() => show()}>{texts.customers.create}</Button>}
    >
      <TextInput
        aria-label={texts.fields.search}
        placeholder={texts.fields.search}
        leftSection={<IconSearch size={16} aria-hidden />}
        maw={360}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <QueryState query={customers} isEmpty={({ count }) => count === 0} empty={texts.customers.empty}>
        {({ results }) => (
          <Table.ScrollContainer minWidth={480}>
            <Table verticalSpacing="sm" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{texts.fields.name}</Table.Th>
                  <Table.Th>{texts.fields.description}</Table.Th>
                  <Table.Th>{texts.fields.created}</Table.Th>
                  <Table.Th>{texts.fields.actions}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {results.map((customer) => (
                  <CustomerRow key={customer.id} customer={customer} onEdit={() => show(customer)} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </QueryState>
      <CustomerForm isOpen={isOpen} onClose={close} customer={edited} />
    </Page>
  );
}

function CustomerRow({ customer, onEdit }: { customer: Customer; onEdit: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: () =>
      answer(api.DELETE('/api/v1/customers/{customerId}', { params: { path: { customerId: customer.id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['customers'] }),
  });
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} href={`/customers/${customer.id}`}>
          {customer.name}
        </Anchor>
      </Table.Td>
      <Table.Td>{customer.description}</Table.Td>
      <Table.Td>{formatDay(customer.createdAt)}</Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Button size="compact-sm" variant="default" onClick={onEdit}>
            {texts.actions.edit}
          </Button>
          <ConfirmButton
            label={texts.actions.remove}
            question={texts.customers.remove(customer.name)}
            action={removal}
          />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
