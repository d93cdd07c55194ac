import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { failpoint } from '@app/failpoints';
import { notFound } from '@app/problems';
import { BlobStore, type StagedBlob, type StageOptions, type StoredBlob } from '../blob-store.js';
import { isS3 } from '../places/bucket-place.js';
import { found, removeOlderFiles, StagingArea } from '../staging-area.js';

const PREFIX = 'blobs/';
const SHA256 = /^[0-9a-f]{64}$/;
const PART_BYTES = 8 * 1024 ** 2;
/** Local copies that nobody opened for so long are fetched again when they are needed. */
const COPY_KEPT_MS = 60 * 60 * 1000;

/**
 * Blobs as objects: `blobs/ab/cd/<sha256>` of one bucket, large ones in parts; an object appears under its name only when all
 * its bytes are there. What is received is staged in a local folder, and so is what must be read as a local file.
 */
export class S3BlobStore extends BlobStore {
  private readonly staging: StagingArea;
  private readonly copies: string;

  /** @param directory local, for files on their way */
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    directory: string,
  ) {
    super();
    this.staging = new StagingArea(join(directory, 'incoming'));
    this.copies = join(directory, 'copies');
  }

  async prepare(): Promise<void> {
    await this.staging.prepare();
    await mkdir(this.copies, { recursive: true });
  }

  async sweepStaged(): Promise<number> {
    return (await this.staging.sweep()) + (await removeOlderFiles(this.copies, COPY_KEPT_MS));
  }

  stage(source: Readable, options: StageOptions): Promise<StagedBlob> {
    return this.staging.stage(source, options);
  }

  async commit({ path, sha256, sizeBytes }: StagedBlob): Promise<void> {
    // Committed before; else opening the file says that it is gone.
    if ((await found(path)) === null && (await this.sizeOf(sha256)) === sizeBytes) return;
    // Also where the object is there, which may be about to be removed as old: written anew it is young.
    const upload = new Upload({
      client: this.client,
      params: { Bucket: this.bucket, Key: keyOf(sha256), Body: createReadStream(path) },
      partSize: PART_BYTES,
    });
    await upload.done();
    failpoint('blob.renamed');
    await rm(path, { force: true });
  }

  async discard(staged: StagedBlob): Promise<void> {
    await rm(staged.path, { force: true });
  }

  async open(sha256: string): Promise<Readable> {
    try {
      const { Body } = await this.client.send(
        new GetObjectCommand({ Bucket: this.bucket, Key: keyOf(sha256) }),
      );
      return Body as Readable;
    } catch (error) {
      throw isS3(error, 'NoSuchKey', 'NotFound') ? notFound('file') : error;
    }
  }

  async localPath(sha256: string): Promise<string> {
    const path = join(this.copies, sha256);
    const sizeBytes = await this.sizeOf(sha256);
    if (sizeBytes === null) throw notFound('file');
    if ((await found(path))?.size === sizeBytes) return path;
    const draft = join(this.copies, randomUUID());
    try {
      await pipeline(await this.open(sha256), createWriteStream(draft, { flags: 'wx', mode: 0o600 }));
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
    return path;
  }

  async sizeOf(sha256: string): Promise<number | null> {
    return (await this.head(sha256))?.ContentLength ?? null;
  }

  async *list(): AsyncGenerator<StoredBlob> {
    let token: string | undefined;
    do {
      const page = await this.client.send(
        new ListObjectsV2Command({ Bucket: this.bucket, Prefix: PREFIX, ContinuationToken: token }),
      );
      for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? []) {
        const sha256 = Key.slice(Key.lastIndexOf('/') + 1);
        if (SHA256.test(sha256)) yield { sha256, sizeBytes: Size, modifiedAt: LastModified };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async remove(sha256: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: keyOf(sha256) }));
    await rm(join(this.copies, sha256), { force: true });
  }

  async removeOlder(sha256: string, before: Date): Promise<boolean> {
    const head = await this.head(sha256);
    if (head?.LastModified === undefined || head.LastModified >= before) return false;
    await this.remove(sha256);
    return true;
  }

  private async head(sha256: string): Promise<HeadObjectCommandOutput | null> {
    try {
      return await this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: keyOf(sha256) }));
    } catch (error) {
      if (isS3(error, 'NotFound', 'NoSuchKey')) return null;
      throw error;
    }
  }
}

/** The name is also a key: only a hash may become one. */
function keyOf(sha256: string): string {
  if (!SHA256.test(sha256)) throw new RangeError('A blob is named by 64 lower-case hex digits.');
  return `${PREFIX}${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;
}
