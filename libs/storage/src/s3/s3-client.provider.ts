import type { Provider } from '@nestjs/common';
import type { S3Client } from '@aws-sdk/client-s3';
import { SETTINGS, type Settings } from '@app/config';
import { createS3Client } from './s3-client.js';

/** Injection token of a {@link S3ClientProvider}. */
export const S3_CLIENT = Symbol('S3 client');

/** The process's one client, made at its first use; undefined where no S3 service is set up. */
export type S3ClientProvider = () => S3Client | undefined;

export const S3_CLIENT_PROVIDER: Provider = {
  provide: S3_CLIENT,
  inject: [SETTINGS],
  useFactory: (settings: Settings): S3ClientProvider => {
    let client: S3Client | undefined;
    const { endpoint, credentials, bucket } = settings.objects;
    const given = [endpoint, credentials, bucket, ...settings.sources.buckets];
    if (given.every((part) => part === undefined)) return () => undefined;
    return () => (client ??= createS3Client(settings));
  },
};
