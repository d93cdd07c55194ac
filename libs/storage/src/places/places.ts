import { isAbsolute, resolve, sep } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { invalidParameter } from '@app/problems';
import { BucketPlace } from './bucket-place.js';
import { FolderPlace } from './folder-place.js';
import type { ObjectPlace } from './object-place.js';
import { S3_CLIENT, type S3ClientProvider } from '../s3/s3-client.provider.js';

/** A place as callers name it: without a bucket it is a folder. */
export interface PlaceName {
  bucket: string | null;
  prefix: string;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const CUSTOMER = '{customerId}';

/** Where customers' files may come from and go to. */
@Injectable()
export class Places {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(S3_CLIENT) private readonly client: S3ClientProvider,
  ) {}

  /**
   * The place of that name, as far as the customer may use it. Whether anything is there, is seen when it is used.
   * @param field of the request, for what is wrong with it
   * @throws Problem invalid_parameter
   */
  open(customerId: string, { bucket, prefix }: PlaceName, field = ''): ObjectPlace {
    if (prefix.includes('\0')) throw invalidParameter(`${field}prefix`, 'holds a zero byte');
    return bucket === null
      ? this.folder(customerId, prefix, `${field}prefix`)
      : this.bucket(customerId, bucket, prefix, `${field}bucket`);
  }

  private folder(customerId: string, prefix: string, field: string): ObjectPlace {
    const roots = this.settings.sources.roots.map((root) => resolve(root.replaceAll(CUSTOMER, customerId)));
    for (const root of isAbsolute(prefix) ? roots : roots.slice(0, 1)) {
      const directory = resolve(root, prefix);
      if (directory === root || directory.startsWith(root + sep)) return new FolderPlace(root, directory);
    }
    throw invalidParameter(field, 'lies in none of the folders that sources may use (SOURCE_ROOTS)');
  }

  private bucket(customerId: string, bucket: string, prefix: string, field: string): ObjectPlace {
    if (!BUCKET.test(bucket)) throw invalidParameter(field, 'is no name of a bucket');
    const { buckets } = this.settings.sources;
    const allowed = buckets.map((name) => name.replaceAll(CUSTOMER, customerId));
    // What is stored for all customers is nobody's source.
    if (bucket === this.settings.objects.bucket || (allowed.length > 0 && !allowed.includes(bucket))) {
      throw invalidParameter(field, 'is none of the buckets that may be used (SOURCE_BUCKETS)');
    }
    const client = this.client();
    if (client === undefined) throw invalidParameter(field, 'there is no S3 service here (S3_ENDPOINT)');
    return new BucketPlace(client, bucket, prefix);
  }
}
