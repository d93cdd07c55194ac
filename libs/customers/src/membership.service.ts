import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { EntityManager } from 'typeorm';
import { atLeast, type Role, ROLES } from './role.js';

/** Who belongs where. A deleted customer has no members and does not exist, for anybody. */
@Injectable()
export class MembershipService {
  constructor(@InjectEntityManager() private readonly manager: EntityManager) {}

  /** The user's role at the customer; null for strangers, and for everybody once the customer is deleted. */
  async roleOf(userId: string, customerId: string): Promise<Role | null> {
    const rows = await this.manager.query<{ role: Role }[]>(
      `SELECT m.role FROM members m JOIN customers c ON c.id = m.customer_id AND c.deleted_at IS NULL
        WHERE m.customer_id = $1 AND m.user_id = $2`,
      [customerId, userId],
    );
    return rows[0]?.role ?? null;
  }

  async exists(customerId: string): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      'SELECT 1 FROM customers WHERE id = $1 AND deleted_at IS NULL',
      [customerId],
    );
    return rows.length > 0;
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
