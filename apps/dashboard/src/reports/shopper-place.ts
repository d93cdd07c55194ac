import type { Report } from '@app/api-client';

/** The address of a shopper's page. In the query, since an id may hold anything, slashes too. */
export function shopperPlace(
  { id, customerId }: Pick<Report, 'id' | 'customerId'>,
  shopperId: string,
): string {
  return `/customers/${customerId}/reports/${id}/shopper?${new URLSearchParams({ id: shopperId }).toString()}`;
}
