import { Anchor, Button } from '@mantine/core';
import { answer, type Customer } from '@app/api-client';
import { Link } from 'wouter';
import { formatDay } from '../format';
import { Page } from '../layout/page';
import { PagedList } from '../layout/paged-list';
import { RowActions } from '../layout/row-actions';
import { SearchField } from '../layout/search-field';
import { useEditor } from '../layout/use-editor';
import { useListing } from '../layout/use-listing';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { CustomerForm } from './customer-form';
import { CUSTOMERS_PER_PAGE, useCustomers } from './customer-queries';
import { useCustomerRole } from './customer-role';

export function CustomersPage() {
  const { listing, onSearch, onPage } = useListing();
  const customers = useCustomers(listing);
  const { show, edited, ...dialog } = useEditor<Customer>();
  return (
    <Page
      title={texts.customers.title}
      lead={texts.customers.lead}
      actions={<Button onClick={() => show()}>{texts.customers.create}</Button>}
    >
      <SearchField onSearch={onSearch} />
      <PagedList
        query={customers}
        empty={listing.search === '' ? texts.customers.empty : texts.customers.none}
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
        pageSize={CUSTOMERS_PER_PAGE}
        page={listing.page}
        onPage={onPage}
      />
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
