import { Button } from '@mantine/core';
import { answer, type Store } from '@app/api-client';
import { useState } from 'react';
import { useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import { type ListColumn, ListTable } from '../layout/list-table';
import { Page } from '../layout/page';
import { QueryState } from '../layout/query-state';
import { RowActions } from '../layout/row-actions';
import { SearchField } from '../layout/search-field';
import { useEditor } from '../layout/use-editor';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { StoreForm } from './store-form';
import { StoreMap } from './store-map';
import { useStores } from './store-queries';

const COLUMNS: ListColumn<Store>[] = [
  { header: texts.fields.name, render: ({ name }) => name },
  {
    header: texts.fields.city,
    render: ({ city, country }) => [city, country].filter((part) => part !== null).join(', '),
  },
  { header: texts.fields.timezone, render: ({ timezone }) => timezone },
  { header: texts.fields.currency, render: ({ currency }) => currency ?? texts.none },
];

export default function StoresPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const { canWrite } = useCustomerRole(customerId);
  const [search, setSearch] = useState('');
  const stores = useStores(customerId, search);
  const { show, edited, ...dialog } = useEditor<Store>();
  const actions: ListColumn<Store> = {
    header: texts.fields.actions,
    render: (store) => <StoreActions store={store} onEdit={() => show(store)} />,
  };
  return (
    <Page
      title={texts.stores.title}
      lead={texts.stores.lead}
      actions={canWrite && <Button onClick={() => show()}>{texts.stores.create}</Button>}
    >
      <SearchField onSearch={setSearch} />
      <QueryState
        query={stores}
        isEmpty={({ count }) => count === 0}
        empty={search === '' ? texts.stores.empty : texts.stores.none}
      >
        {({ results }) => (
          <>
            <StoreMap stores={results} />
            <ListTable
              items={results}
              keyOf={({ id }) => id}
              columns={canWrite ? [...COLUMNS, actions] : COLUMNS}
            />
          </>
        )}
      </QueryState>
      <StoreForm {...dialog} customerId={customerId} store={edited} />
    </Page>
  );
}

function StoreActions({ store, onEdit }: { store: Store; onEdit: () => void }) {
  const api = useApi();
  const { customerId, id: storeId, name } = store;
  const params = { path: { customerId, storeId } };
  return (
    <RowActions
      onEdit={onEdit}
      removal={{
        question: texts.stores.remove(name),
        run: () => answer(api.DELETE('/api/v1/customers/{customerId}/stores/{storeId}', { params })),
        changes: ['stores', customerId],
      }}
    />
  );
}
