import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { Standing } from '@app/customers';
import type { EntityManager } from 'typeorm';
import type { ResourceKind } from './access.decorator.js';

/** How each kind of resource is called in answers, and the query for the customer a live one belongs to. */
const KINDS: Record<ResourceKind, { label: string; owner: string }> = {
  customer: { label: 'customer', owner: 'SELECT id FROM customers WHERE id = $1' },
  store: {
    label: 'store',
    owner: 'SELECT customer_id AS id FROM stores WHERE id = $1 AND deleted_at IS NULL',
  },
  dataset: {
    label: 'dataset',
    owner: 'SELECT customer_id AS id FROM datasets WHERE id = $1 AND deleted_at IS NULL',
  },
  upload: {
    label: 'upload',
    owner: `SELECT u.customer_id AS id FROM uploads u JOIN datasets d ON d.id = u.dataset_id AND d.deleted_at IS NULL
             WHERE u.id = $1 AND u.deleted_at IS NULL`,
  },
  link: {
    label: 'link',
    owner: `SELECT l.customer_id AS id FROM links l
              JOIN datasets f ON f.id = l.from_dataset_id AND f.deleted_at IS NULL
              JOIN datasets t ON t.id = l.to_dataset_id AND t.deleted_at IS NULL
             WHERE l.id = $1 AND l.deleted_at IS NULL`,
  },
  bundle: { label: 'bundle', owner: 'SELECT customer_id AS id FROM bundles WHERE id = $1' },
  source: {
    label: 'source',
    owner: `SELECT s.customer_id AS id FROM sources s JOIN datasets d ON d.id = s.dataset_id AND d.deleted_at IS NULL
             WHERE s.id = $1 AND s.deleted_at IS NULL`,
  },
  task: { label: 'task', owner: 'SELECT customer_id AS id FROM tasks WHERE id = $1 AND deleted_at IS NULL' },
  report: {
    label: 'report',
    owner: 'SELECT customer_id AS id FROM reports WHERE id = $1 AND deleted_at IS NULL',
  },
  reportSchedule: {
    label: 'report schedule',
    owner: 'SELECT customer_id AS id FROM report_schedules WHERE id = $1 AND deleted_at IS NULL',
  },
  webhook: {
    label: 'webhook',
    owner: 'SELECT customer_id AS id FROM webhooks WHERE id = $1 AND deleted_at IS NULL',
  },
  apiKey: {
    label: 'API key',
    owner: 'SELECT customer_id AS id FROM api_keys WHERE id = $1 AND revoked_at IS NULL',
  },
};

export const labelOf = (kind: ResourceKind): string => KINDS[kind].label;

export interface Owner extends Standing {
  customerId: string;
}

@Injectable()
export class ResourceOwners {
  constructor(@InjectEntityManager() private readonly manager: EntityManager) {}

  /** The customer that owns the resource and how the user stands there; null where there is none. `id` is a UUID. */
  async find(kind: ResourceKind, id: string, userId: string): Promise<Owner | null> {
    const rows = await this.manager.query<Owner[]>(
      `SELECT o.id AS "customerId", c.id IS NOT NULL AS "isLive", m.role
         FROM (${KINDS[kind].owner}) o
         LEFT JOIN customers c ON c.id = o.id AND c.deleted_at IS NULL
         LEFT JOIN members m ON m.customer_id = c.id AND m.user_id = $2`,
      [id, userId],
    );
    return rows[0] ?? null;
  }
}
