import { Injectable } from '@nestjs/common';
import { AuditLog } from '@app/audit';
import { atLeast, MembershipService, type Role, type Standing } from '@app/customers';
import { notFound, Problem } from '@app/problems';
import { actorOf, type Principal } from './principal.js';

interface Refused {
  customerId?: string;
  needs: string;
}

/** The one place that decides what a principal may do at a customer. */
@Injectable()
export class AccessService {
  constructor(
    private readonly memberships: MembershipService,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Passes where the principal has at least `role` at the customer; a refusal is audited. With `standing`, which is
   * how its user stands there, nothing is asked.
   * @throws Problem not_found (of `what`) for strangers and deleted customers, permission_denied where the role is too low
   */
  async require(
    principal: Principal,
    customerId: string,
    role: Role,
    what = 'customer',
    standing?: Standing,
  ): Promise<void> {
    const held = await this.roleAt(principal, customerId, standing);
    if (held === null) await this.deny(principal, notFound(what), { customerId, needs: role });
    else if (!atLeast(held, role)) {
      const refusal = new Problem('permission_denied', `This needs the role ${role} at the customer.`);
      await this.deny(principal, refusal, { customerId, needs: role });
    }
  }

  /** Writes the refusal down, then throws it. */
  async deny(principal: Principal, refusal: Problem, details: Refused): Promise<never> {
    const { customerId, ...rest } = details;
    await this.audit.record(undefined, {
      action: 'access.denied',
      ...actorOf(principal),
      ...(customerId === undefined ? {} : { customerId }),
      details: { ...rest, status: refusal.status },
    });
    throw refusal;
  }

  /**
   * Ids of the live customers at which the principal has at least `role`, for lists that span customers:
   * `WHERE customer_id = ANY($1)`. With `customerId` just that one.
   * @throws Problem as {@link require} does, where `customerId` is given
   */
  async visibleCustomerIds(
    principal: Principal,
    customerId?: string,
    role: Role = 'viewer',
  ): Promise<string[]> {
    if (customerId !== undefined) {
      await this.require(principal, customerId, role);
      return [customerId];
    }
    const { boundTo } = principal;
    // A key whose customer is deleted does not get past authentication.
    if (boundTo !== undefined) return atLeast(boundTo.role, role) ? [boundTo.customerId] : [];
    return principal.isAdmin
      ? this.memberships.allCustomerIds()
      : this.memberships.customerIdsOf(principal.userId, role);
  }

  private async roleAt(principal: Principal, customerId: string, known?: Standing): Promise<Role | null> {
    const { boundTo } = principal;
    if (boundTo !== undefined) return boundTo.customerId === customerId ? boundTo.role : null;
    const { isLive, role } = known ?? (await this.memberships.standing(principal.userId, customerId));
    if (principal.isAdmin) return isLive ? 'owner' : null;
    return role;
  }
}
