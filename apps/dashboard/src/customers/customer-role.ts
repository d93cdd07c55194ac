import { answer, type Member } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../session/session-provider';

export type Role = Member['role'];

/** What the signed-in user may do with a customer's data. The api decides; the page only leaves out what it would refuse. */
export interface CustomerRole {
  /** Send files, make reports: analysts and owners. */
  canWrite: boolean;
  /** Members, keys, the customer itself: owners. */
  isOwner: boolean;
}

/** Administrators may do what owners may. As long as it is not known, nothing. */
export function useCustomerRole(customerId: string | undefined): CustomerRole {
  const { session, user } = useSession();
  const { data: role } = useQuery({
    queryKey: ['members', customerId, 'role', user.id],
    enabled: customerId !== undefined && !user.isAdmin,
    queryFn: async () => {
      const { results } = await answer(
        session.api.GET('/api/v1/customers/{customerId}/members', {
          params: { path: { customerId: customerId ?? '' }, query: { search: user.email, pageSize: 100 } },
        }),
      );
      return results.find(({ userId }) => userId === user.id)?.role ?? null;
    },
  });
  const held = user.isAdmin ? 'owner' : role;
  return { canWrite: held === 'owner' || held === 'analyst', isOwner: held === 'owner' };
}
