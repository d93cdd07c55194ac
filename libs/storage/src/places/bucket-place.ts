import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Problem } from '@app/problems';
import { changedMeanwhile, joinKey, ObjectPlace, type PlacedObject } from './object-place.js';

const PART_BYTES = 8 * 1024 ** 2;

/** The objects of a bucket whose keys begin with a prefix. */
export class BucketPlace extends ObjectPlace {
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    private readonly prefix: string,
  ) {
    super();
  }

  async *list(): AsyncGenerator<PlacedObject> {
    let token: string | undefined;
    do {
      const page = await this.explaining(() =>
        this.client.send(
          new ListObjectsV2Command({ Bucket: this.bucket, Prefix: this.prefix, ContinuationToken: token }),
        ),
      );
      for (const { Key, ETag, Size, LastModified } of page.Contents ?? []) {
        const key = this.below(Key ?? '');
        // What ends with a slash stands for a folder.
        if (key === '' || key.endsWith('/')) continue;
        yield {
          key,
          etag: (ETag ?? '').replaceAll('"', ''),
          sizeBytes: Size ?? 0,
          modifiedAt: LastModified ?? new Date(0),
        };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async open({ key, etag }: PlacedObject): Promise<Readable> {
    try {
      const { Body } = await this.client.send(
        new GetObjectCommand({ Bucket: this.bucket, Key: this.above(key), IfMatch: `"${etag}"` }),
      );
      return Body as Readable;
    } catch (error) {
      if (isS3(error, 'NoSuchKey', 'PreconditionFailed')) throw changedMeanwhile(key);
      throw this.explained(error);
    }
  }

  async put(key: string, content: Readable, signal?: AbortSignal): Promise<void> {
    const upload = new Upload({
      client: this.client,
      params: { Bucket: this.bucket, Key: joinKey(this.prefix, key), Body: content },
      partSize: PART_BYTES,
    });
    const abort = (): void => void upload.abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      signal?.throwIfAborted();
      await this.explaining(() => upload.done());
    } finally {
      signal?.removeEventListener('abort', abort);
      content.destroy();
    }
  }

  private below(key: string): string {
    return key.slice(this.prefix.length).replace(/^\//, '');
  }

  private above(key: string): string {
    return joinKey(this.prefix, key);
  }

  private async explaining<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.explained(error);
    }
  }

  private explained(error: unknown): unknown {
    if (isS3(error, 'NoSuchBucket', 'AccessDenied', 'InvalidBucketName', 'AllAccessDisabled')) {
      return new Problem('unprocessable', `The bucket ${this.bucket} is not there, or may not be used.`, {
        cause: error,
      });
    }
    return error;
  }
}

/** Whether the server refused for one of these reasons. */
export const isS3 = (error: unknown, ...names: string[]): boolean =>
  error instanceof S3ServiceException && names.includes(error.name);
