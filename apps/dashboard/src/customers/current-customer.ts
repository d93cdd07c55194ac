import { useRoute } from 'wouter';

/** The customer whose pages are shown, by the address; undefined on pages that belong to none. */
export function useCustomerId(): string | undefined {
  const [isCustomer, parameters] = useRoute<{ customerId: string }>('/customers/:customerId/*?');
  return isCustomer ? parameters.customerId : undefined;
}
