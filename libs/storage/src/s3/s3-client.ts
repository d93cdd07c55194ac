import type { Settings } from '@app/config';
import { S3Client } from '@aws-sdk/client-s3';

const ATTEMPTS = 4;
const CONNECT_MS = 3000;
const IDLE_MS = 30_000;

/**
 * The client of the S3 service that the settings name. Without an endpoint it is Amazon's, and without keys they are found
 * as Amazon's tools find them.
 */
export function createS3Client({ objects }: Pick<Settings, 'objects'>): S3Client {
  const { endpoint, region, credentials } = objects;
  return new S3Client({
    region,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: IDLE_MS },
  });
}
