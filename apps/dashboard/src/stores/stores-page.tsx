import { Button } from '@mantine/core';
import { answer, type Store } from '@app/api-client';
import { useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import type { ListColumn } from '../layout/list-table';
import { Page } from '../layout/page';
import { PagedList } from '../layout/paged-list';
import { RowActions } from '../layout/row-actions';
import { SearchField } from '../layout/search-field';
import { useEditor } from '../layout/use-editor';
import { useListing } from '../layout/use-listing';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { StoreForm } from './store-form';
import { StoreMap } from './store-map';
import { STORES_PER_PAGE, useStores } from './store-queries';

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
  const { listing, onSearch, onPage } = useListing();
  const stores = useStores(customerId, listing);
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
      <SearchField onSearch={onSearch} />
      <StoreMap stores={stores.data?.results ?? []} />
      <PagedList
        query={stores}
        empty={listing.search === '' ? texts.stores.empty : texts.stores.none}
        keyOf={({ id }) => id}
        columns={canWrite ? [...COLUMNS, actions] : COLUMNS}
        pageSize={STORES_PER_PAGE}
        page={listing.page}
        onPage={onPage}
      />
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
