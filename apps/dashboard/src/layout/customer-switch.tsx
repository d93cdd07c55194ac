import { Select } from '@mantine/core';
import { useLocation } from 'wouter';
import { useCustomerId } from '../customers/current-customer';
import { useCustomer, useCustomers } from '../customers/customer-queries';
import { namedOptions } from './options-of';
import { texts } from '../texts';

export function CustomerSwitch() {
  const customerId = useCustomerId();
  const [, navigate] = useLocation();
  const { data } = useCustomers();
  const { data: shown } = useCustomer(customerId);
  const first = data?.results ?? [];
  const isAmong = shown === undefined || first.some(({ id }) => id === shown.id);
  return (
    <Select
      aria-label={texts.layout.chooseCustomer}
      placeholder={texts.layout.chooseCustomer}
      searchable
      w={{ base: 104, xs: 160, sm: 220 }}
      value={customerId ?? null}
      data={namedOptions(isAmong ? first : [shown, ...first])}
      onChange={(id) => id !== null && navigate(`/customers/${id}`)}
    />
  );
}
