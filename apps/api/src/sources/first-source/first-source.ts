import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { CustomerEntity, CustomerService } from '@app/customers';
import { SourceEntity, SourceOrders, SourceService } from '@app/sources';
import { Buckets, FolderPlace, type PlacedObject, Places } from '@app/storage';
import { AdministratorService, UserEntity } from '@app/users';
import { type EntityManager, IsNull } from 'typeorm';
import { newSourceBody, placeOf } from '../source.request.js';

export const SOURCE_BUCKET = 'source';
export const PROCESSED_BUCKET = 'processed-data';
const CUSTOMER = 'Source bucket';

export interface FirstSourceOutcome {
  /** Names of the files that were sent; those of earlier runs are there already. */
  uploaded: string[];
  /** Null where somebody has removed it since: it is not made a second time. */
  source: SourceEntity | null;
}

/** The system of one bucket of people that this one grew out of, set up in one go: buckets, files, and a source of them. */
@Injectable()
export class FirstSource {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly administrators: AdministratorService,
    private readonly customers: CustomerService,
    private readonly sources: SourceService,
    private readonly orders: SourceOrders,
    private readonly places: Places,
    private readonly buckets: Buckets,
  ) {}

  /**
   * What is there already stays: doing it again sends the files that are new or newer than their objects.
   * @param directory whose files are uploaded
   * @throws Problem where the folder, the bucket or the S3 service may not be used; Error where there is no administrator
   */
  async prepare(directory: string): Promise<FirstSourceOutcome> {
    for (const bucket of [SOURCE_BUCKET, PROCESSED_BUCKET]) await this.buckets.make(bucket);
    const known = await this.manager.findOne(SourceEntity, {
      where: { kind: 's3', bucket: SOURCE_BUCKET, prefix: '' },
      order: { deletedAt: { direction: 'DESC', nulls: 'FIRST' } },
    });
    const source = known ?? (await this.register());
    const uploaded = await this.upload(directory, source.customerId);
    if (source.deletedAt !== null) return { uploaded, source: null };
    if (known === null || uploaded.length > 0) await this.orders.request(source, {});
    return { uploaded, source };
  }

  private async register(): Promise<SourceEntity> {
    const ownerId = await this.owner();
    const actor = { actorId: ownerId };
    const customer =
      (await this.manager.findOneBy(CustomerEntity, { name: CUSTOMER, deletedAt: IsNull() })) ??
      (await this.customers.create({ name: CUSTOMER, description: '' }, ownerId, actor));
    const given = newSourceBody.parse({
      customerId: customer.id,
      name: 'People',
      kind: 's3',
      bucket: SOURCE_BUCKET,
      bundle: {},
      publishTo: PROCESSED_BUCKET,
    });
    return this.sources.create({ ...given, publishTo: placeOf(given.publishTo, true) }, actor);
  }

  private async owner(): Promise<string> {
    await this.administrators.ensureFirst();
    const owner = await this.manager.findOne(UserEntity, {
      where: { isAdmin: true, isActive: true },
      order: { createdAt: 'ASC' },
    });
    if (owner !== null) return owner.id;
    throw new Error('There is no administrator yet who could own the source. Make one, then try again.');
  }

  private async upload(directory: string, customerId: string): Promise<string[]> {
    const folder = new FolderPlace(directory, directory);
    const bucket = this.places.open(customerId, { bucket: SOURCE_BUCKET, prefix: '' });
    const there = new Map<string, PlacedObject>();
    for await (const object of bucket.list()) there.set(object.key, object);
    const uploaded: string[] = [];
    for await (const file of folder.list()) {
      const before = there.get(file.key);
      if (before !== undefined && before.modifiedAt >= file.modifiedAt) continue;
      await bucket.put(file.key, await folder.open(file));
      uploaded.push(file.key);
    }
    return uploaded.toSorted();
  }
}
