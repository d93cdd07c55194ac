import { Injectable } from '@nestjs/common';
import { atLeast, MembershipService, type Role } from '@app/customers';
import { notFound, Problem } from '@app/problems';
import type { Principal } from './principal.js';

/** The one place that decides what a principal may do at a customer. */
@Injectable()
export class AccessService {
  constructor(private readonly memberships: MembershipService) {}

  /**
   * Passes where the principal has at least `role` at the customer.
   * @throws Problem not_found (of `what`) for strangers and deleted customers, permission_denied where the role is too low
   */
  async require(principal: Principal, customerId: string, role: Role, what = 'customer'): Promise<void> {
    const held = await this.roleAt(principal, customerId);
    if (held === null) throw notFound(what);
    if (!atLeast(held, role)) {
      throw new Problem('permission_denied', `This needs the role ${role} at the customer.`);
    }
  }

  /**
   * Ids of the live customers whose data the principal may read, for lists that span customers:
   * `WHERE customer_id = ANY($1)`. With `customerId` just that one.
   * @throws Problem not_found where `customerId` is given and not visible
   */
  async visibleCustomerIds(principal: Principal, customerId?: string): Promise<string[]> {
    if (customerId !== undefined) {
      await this.require(principal, customerId, 'viewer');
      return [customerId];
    }
    if (principal.apiKey !== undefined) {
      return (await this.memberships.exists(principal.apiKey.customerId))
        ? [principal.apiKey.customerId]
        : [];
    }
    return principal.isAdmin
      ? this.memberships.allCustomerIds()
      : this.memberships.customerIdsOf(principal.userId);
  }

  private async roleAt(principal: Principal, customerId: string): Promise<Role | null> {
    const { apiKey } = principal;
    if (apiKey !== undefined) {
      const inside = apiKey.customerId === customerId && (await this.memberships.exists(customerId));
      return inside ? apiKey.role : null;
    }
    if (principal.isAdmin) return (await this.memberships.exists(customerId)) ? 'owner' : null;
    return this.memberships.roleOf(principal.userId, customerId);
  }
}
