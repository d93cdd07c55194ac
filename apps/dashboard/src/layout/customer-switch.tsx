import { Select } from '@mantine/core';
import { useLocation } from 'wouter';
import { useCustomerId } from '../customers/current-customer';
import { useCustomers } from '../customers/customer-queries';
import { namedOptions } from './options-of';
import { texts } from '../texts';

export function CustomerSwitch() {
  const customerId = useCustomerId();
  const [, navigate] = useLocation();
  const { data } = useCustomers();
  return (
    <Select
      aria-label={texts.layout.chooseCustomer}
      placeholder={texts.layout.chooseCustomer}
      searchable
      w={{ base: 104, xs: 160, sm: 220 }}
      value={customerId ?? null}
      data={namedOptions(data?.results)}
      onChange={(id) => id !== null && navigate(`/customers/${id}`)}
    />
  );
}
