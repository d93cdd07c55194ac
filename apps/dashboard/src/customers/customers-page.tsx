import { Anchor, Button } from '@mantine/core';
import { answer, type Customer } from '@app/api-client';
import { useState } from 'react';
import { Link } from 'wouter';
import { formatDay } from '../format';
import { ListTable } from '../layout/list-table';
import { Page } from '../layout/page';
import { QueryState } from '../layout/query-state';
import { RowActions } from '../layout/row-actions';
import { SearchField } from '../layout/search-field';
import { useEditor } from '../layout/use-editor';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { CustomerForm } from './customer-form';
import { useCustomers } from './customer-queries';
import { useCustomerRole } from './customer-role';

export function CustomersPage() {
  const [search, setSearch] = useState('');
  const customers = useCustomers(search);
  const { show, edited, ...dialog } = useEditor<Customer>();
  return (
    <Page
      title={texts.customers.title}
      lead={texts.customers.lead}
      actions={<Button onClick={() => show()}>{texts.customers.create}</Button>}
    >
      <SearchField onSearch={setSearch} />
      <QueryState
        query={customers}
        isEmpty={({ count }) => count === 0}
        empty={search === '' ? texts.customers.empty : texts.customers.none}
      >
        {({ results }) => (
          <ListTable
            items={results}
            keyOf={({ id }) => id}
            columns={[
              {
                header: texts.fields.name,
                render: ({ id, name }) => (
                  <Anchor component={Link} href={`/customers/${id}`}>
                    {name}
                  </Anchor>
                ),
              },
              { header: texts.fields.description, render: ({ description }) => description },
              { header: texts.fields.created, render: ({ createdAt }) => formatDay(createdAt) },
              {
                header: texts.fields.actions,
                render: (customer) => <CustomerActions customer={customer} onEdit={() => show(customer)} />,
              },
            ]}
          />
        )}
      </QueryState>
      <CustomerForm {...dialog} customer={edited} />
    </Page>
  );
}

function CustomerActions({ customer: { id, name }, onEdit }: { customer: Customer; onEdit: () => void }) {
  const api = useApi();
  const { isOwner } = useCustomerRole(id);
  if (!isOwner) return null;
  const params = { path: { customerId: id } };
  return (
    <RowActions
      onEdit={onEdit}
      removal={{
        question: texts.customers.remove(name),
        run: () => answer(api.DELETE('/api/v1/customers/{customerId}', { params })),
        changes: ['customers'],
      }}
    />
  );
}
