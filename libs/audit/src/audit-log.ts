import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { currentContext } from '@app/logging';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from './actor.js';
import { AuditEntryEntity } from './audit-entry.entity.js';

/** What something is done with, and whose it is. */
export interface AuditSubject {
  id: string;
  customerId?: string;
}

export interface AuditRecord extends Actor {
  /** What was done, as `<resource>.<verb>`: `customer.create`, `login.failure`, `access.denied`. */
  action: string;
  customerId?: string;
  resourceType?: string;
  resourceId?: string;
  /** Names of changed fields and the like; never a secret. */
  details?: object;
}

/** Who did what, where and in which request. */
@Injectable()
export class AuditLog {
  constructor(@InjectEntityManager() private readonly defaultManager: EntityManager) {}

  /** Somebody's deed on a resource, whose kind is the first word of the action. */
  recordDeed(
    manager: EntityManager,
    action: string,
    { id: resourceId, customerId }: AuditSubject,
    actor: Actor,
    details: object = {},
  ): Promise<void> {
    const [resourceType = action] = action.split('.', 1);
    const whose = customerId === undefined ? {} : { customerId };
    return this.record(manager, { action, ...actor, ...whose, resourceType, resourceId, details });
  }

  /** Writes one entry: with a manager in its transaction, so that the deed and its record stand or fall together. */
  async record(manager: EntityManager | undefined, record: AuditRecord): Promise<void> {
    const context = currentContext();
    await (manager ?? this.defaultManager).insert(AuditEntryEntity, {
      id: uuidv7(),
      action: record.action,
      actorId: record.actorId ?? null,
      apiKeyId: record.apiKeyId ?? null,
      customerId: record.customerId ?? null,
      resourceType: record.resourceType ?? null,
      resourceId: record.resourceId ?? null,
      requestId: context?.requestId ?? null,
      address: context?.address ?? null,
      details: record.details ?? {},
    });
  }
}
