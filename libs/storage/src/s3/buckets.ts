import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '@app/problems';
import { isS3 } from '../places/bucket-place.js';
import { S3_CLIENT, type S3ClientProvider } from './s3-client.provider.js';

/** Making buckets of the S3 service, where that is ours. */
@Injectable()
export class Buckets {
  constructor(@Inject(S3_CLIENT) private readonly client: S3ClientProvider) {}

  /**
   * A bucket of that name; one that is there already is left as it is.
   * @throws Problem unprocessable where no S3 service is set up
   */
  async make(name: string): Promise<void> {
    const client = this.client();
    if (client === undefined) throw new Problem('unprocessable', 'There is no S3 service (S3_ENDPOINT).');
    try {
      await client.send(new CreateBucketCommand({ Bucket: name }));
    } catch (error) {
      if (!isS3(error, 'BucketAlreadyOwnedByYou', 'BucketAlreadyExists')) throw error;
    }
  }
}
