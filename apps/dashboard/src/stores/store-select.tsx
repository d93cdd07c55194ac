import { Select } from '@mantine/core';
import { namedOptions } from '../layout/options-of';
import { texts } from '../texts';
import { useStores } from './store-queries';

/** Field `storeId` of a form: one of the customer's stores, or none. */
export function StoreSelect({ customerId }: { customerId: string }) {
  const stores = useStores(customerId);
  return (
    <Select
      name="storeId"
      label={texts.fields.store}
      placeholder={texts.none}
      clearable
      data={namedOptions(stores.data?.results)}
    />
  );
}
