import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { EntityManager } from 'typeorm';
import { atLeast, type Role, ROLES } from './role.js';

/** A user at a customer. */
export interface Standing {
  /** Whether the customer is there at all, and not deleted. */
  isLive: boolean;
  /** Null for strangers, and for everybody once the customer is deleted. */
  role: Role | null;
}

/** Who belongs where. A deleted customer has no members and does not exist, for anybody. */
@Injectable()
export class MembershipService {
  constructor(@InjectEntityManager() private readonly manager: EntityManager) {}

  /** How the user stands at the customer. */
  async standing(userId: string, customerId: string): Promise<Standing> {
    const rows = await this.manager.query<{ role: Role | null }[]>(
      `SELECT m.role FROM customers c LEFT JOIN members m ON m.customer_id = c.id AND m.user_id = $2
        WHERE c.id = $1 AND c.deleted_at IS NULL`,
      [customerId, userId],
    );
    return { isLive: rows.length > 0, role: rows[0]?.role ?? null };
  }

  /** Ids of the live customers at which the user has at least the role. */
  async customerIdsOf(userId: string, role: Role): Promise<string[]> {
    const rows = await this.manager.query<{ id: string }[]>(
      `SELECT c.id FROM customers c JOIN members m ON m.customer_id = c.id
        WHERE m.user_id = $1 AND m.role = ANY($2) AND c.deleted_at IS NULL`,
      [userId, ROLES.filter((held) => atLeast(held, role))],
    );
    return rows.map((row) => row.id);
  }

  /** Ids of all live customers, which is what an administrator sees. */
  async allCustomerIds(): Promise<string[]> {
    const rows = await this.manager.query<{ id: string }[]>(
      'SELECT id FROM customers WHERE deleted_at IS NULL',
    );
    return rows.map((row) => row.id);
  }
}
