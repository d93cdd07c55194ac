import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { EntityManager } from 'typeorm';
import { AuditEntryEntity } from './audit-entry.entity.js';

export interface AuditFilter {
  customerId?: string | undefined;
  actorId?: string | undefined;
  apiKeyId?: string | undefined;
  action?: string | undefined;
  resourceType?: string | undefined;
  resourceId?: string | undefined;
  requestId?: string | undefined;
  from?: Date | undefined;
  /** Not included. */
  to?: Date | undefined;
  /** A LIKE pattern for the action, the resource's id and the address. */
  pattern?: string | undefined;
  /** Ids of users: what they did is found as what fits the pattern is. */
  people?: readonly string[] | undefined;
}

export interface AuditListing {
  direction: 'ASC' | 'DESC';
  skip: number;
  take: number;
}

const EQUAL = [
  'customerId',
  'actorId',
  'apiKeyId',
  'action',
  'resourceType',
  'resourceId',
  'requestId',
] as const satisfies (keyof AuditFilter)[];

/** Looks through the audit. */
@Injectable()
export class AuditReader {
  constructor(@InjectEntityManager() private readonly manager: EntityManager) {}

  /** In the order in which things happened. */
  async list(
    filter: AuditFilter,
    { direction, skip, take }: AuditListing,
  ): Promise<{ entries: AuditEntryEntity[]; count: number }> {
    const query = this.manager.createQueryBuilder(AuditEntryEntity, 'entry');
    for (const name of EQUAL) {
      if (filter[name] !== undefined) query.andWhere(`entry.${name} = :${name}`, { [name]: filter[name] });
    }
    if (filter.from !== undefined) query.andWhere('entry.at >= :from', { from: filter.from });
    if (filter.to !== undefined) query.andWhere('entry.at < :to', { to: filter.to });
    if (filter.pattern !== undefined) {
      query.andWhere(
        `(entry.action ILIKE :pattern OR entry.resourceId ILIKE :pattern OR entry.address ILIKE :pattern
          OR entry.actorId = ANY(:people))`,
        { pattern: filter.pattern, people: filter.people ?? [] },
      );
    }
    const [entries, count] = await query
      .orderBy('entry.at', direction)
      .addOrderBy('entry.id', direction)
      .skip(skip)
      .take(take)
      .getManyAndCount();
    return { entries, count };
  }
}
