import { Button, Group, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { answer, type Store } from '@app/api-client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'wouter';
import { ConfirmButton } from '../layout/confirm-button';
import { Page } from '../layout/page';
import { QueryState } from '../layout/query-state';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { StoreForm } from './store-form';
import { StoreMap } from './store-map';
import { useStores } from './store-queries';

export default function StoresPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const stores = useStores(customerId);
  const [isOpen, { open, close }] = useDisclosure();
  const [edited, setEdited] = useState<Store>();

  function show(store?: Store) {
    setEdited(store);
    open();
  }

  return (
    <Page
      title={texts.stores.title}
      lead={texts.stores.lead}
      actions={<Button onClick={() => show()}>{texts.stores.create}</Button>}
    >
      <QueryState query={stores} isEmpty={({ count }) => count === 0} empty={texts.stores.empty}>
        {({ results }) => (
          <>
            <StoreMap stores={results} />
            <Table.ScrollContainer minWidth={560}>
              <Table verticalSpacing="sm" highlightOnHover>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{texts.fields.name}</Table.Th>
                    <Table.Th>{texts.fields.city}</Table.Th>
                    <Table.Th>{texts.fields.timezone}</Table.Th>
                    <Table.Th>{texts.fields.currency}</Table.Th>
                    <Table.Th>{texts.fields.actions}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {results.map((store) => (
                    <StoreRow key={store.id} store={store} onEdit={() => show(store)} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </>
        )}
      </QueryState>
      <StoreForm customerId={customerId} isOpen={isOpen} onClose={close} store={edited} />
    </Page>
  );
}

function StoreRow({ store, onEdit }: { store: Store; onEdit: () => void }) {
  const api = useApi();
  const queries = useQueryClient();
  const { customerId, id: storeId } = store;
  const removal = useMutation({
    mutationFn: () =>
      answer(
        api.DELETE('/api/v1/customers/{customerId}/stores/{storeId}', {
          params: { path: { customerId, storeId } },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['stores', customerId] }),
  });
  return (
    <Table.Tr>
      <Table.Td>{store.name}</Table.Td>
      <Table.Td>{[store.city, store.country].filter((part) => part !== null).join(', ')}</Table.Td>
      <Table.Td>{store.timezone}</Table.Td>
      <Table.Td>{store.currency ?? texts.none}</Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Button size="compact-sm" variant="default" onClick={onEdit}>
            {texts.actions.edit}
          </Button>
          <ConfirmButton
            label={texts.actions.remove}
            question={texts.stores.remove(store.name)}
            action={removal}
          />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
