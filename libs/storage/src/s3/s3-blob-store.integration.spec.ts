import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3BlobStore } from '@app/storage';
import { afterAll, beforeAll, describe } from 'vitest';
import { type S3Server, startS3Server } from '../../../../test/fixtures/s3/s3-server.js';
import { blobStoreSuite } from '../fixtures/blob-store-suite.js';

const server = await startS3Server();
/** Why there is no server, where there is none. */
const lack = typeof server === 'string' ? ` (left out: ${server})` : '';

describe.skipIf(lack !== '')(`blobs in a bucket${lack}`, () => {
  const s3 = server as S3Server;
  const bucket = `blobs-${randomUUID()}`;
  let directory: string;
  let store: S3BlobStore;

  beforeAll(async () => {
    await s3.makeBucket(bucket);
    directory = await mkdtemp(join(tmpdir(), 's3-blobs-'));
    store = new S3BlobStore(s3.client, bucket, directory);
    await store.prepare();
  });
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
    s3.stop();
  });

  blobStoreSuite(() => store);
});
