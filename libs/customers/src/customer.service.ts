import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { notFound } from '@app/problems';
import { type EntityManager, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { CustomerEntity } from './customer.entity.js';
import { MemberEntity } from './member.entity.js';

export interface CustomerFields {
  name: string;
  description: string;
}

export interface CustomerQuery {
  /** Only these; see AccessService for what a caller may see. */
  ids: string[];
  /** An escaped LIKE pattern, looked for in name and description. */
  pattern: string | undefined;
  ordering: { by: 'name' | 'createdAt'; direction: 'ASC' | 'DESC' };
  offset: number;
  limit: number;
}

@Injectable()
export class CustomerService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly audit: AuditLog,
  ) {}

  /** @throws Problem not_found, also for a deleted one */
  async get(id: string): Promise<CustomerEntity> {
    const customer = await this.manager.findOneBy(CustomerEntity, { id, deletedAt: IsNull() });
    if (customer === null) throw notFound('customer');
    return customer;
  }

  async list(query: CustomerQuery): Promise<{ customers: CustomerEntity[]; count: number }> {
    const select = this.manager
      .createQueryBuilder(CustomerEntity, 'customer')
      .where('customer.id = ANY(:ids) AND customer.deletedAt IS NULL', { ids: query.ids });
    if (query.pattern !== undefined) {
      select.andWhere('(customer.name ILIKE :pattern OR customer.description ILIKE :pattern)', {
        pattern: query.pattern,
      });
    }
    const [customers, count] = await select
      .orderBy(`customer.${query.ordering.by}`, query.ordering.direction)
      .addOrderBy('customer.id')
      .skip(query.offset)
      .take(query.limit)
      .getManyAndCount();
    return { customers, count };
  }

  /** Whoever creates a customer becomes its owner. */
  async create(fields: CustomerFields, creatorId: string, actor: Actor): Promise<CustomerEntity> {
    const id = uuidv7();
    return this.manager.transaction(async (manager) => {
      await manager.insert(CustomerEntity, { id, ...fields });
      await manager.insert(MemberEntity, { customerId: id, userId: creatorId, role: 'owner' });
      await this.audit.recordDeed(manager, 'customer.create', { id, customerId: id }, actor);
      return manager.findOneByOrFail(CustomerEntity, { id });
    });
  }

  /** @throws Problem not_found */
  async update(id: string, changes: Partial<CustomerFields>, actor: Actor): Promise<CustomerEntity> {
    return this.manager.transaction(async (manager) => {
      const { affected } = await manager.update(
        CustomerEntity,
        { id, deletedAt: IsNull() },
        { ...changes, updatedAt: new Date() },
      );
      if (affected === 0) throw notFound('customer');
      await this.audit.recordDeed(manager, 'customer.update', { id, customerId: id }, actor, {
        fields: Object.keys(changes),
      });
      return manager.findOneByOrFail(CustomerEntity, { id });
    });
  }

  /** Soft: the rows stay, but every way to them passes a check that the customer is not deleted. */
  async delete(id: string, actor: Actor): Promise<void> {
    await this.manager.transaction(async (manager) => {
      const { affected } = await manager.update(
        CustomerEntity,
        { id, deletedAt: IsNull() },
        { deletedAt: new Date() },
      );
      if (affected === 0) throw notFound('customer');
      await this.audit.recordDeed(manager, 'customer.delete', { id, customerId: id }, actor);
    });
  }
}
