import { Problem } from '@app/problems';
import type { EntityManager } from 'typeorm';
import type { BlobStore } from './blob-store.js';

const RETRY_SECONDS = 1;

/** Sixty-four bits of the hash: two blobs that share them only wait for each other. */
const lockOf = (sha256: string): string => BigInt.asIntN(64, BigInt(`0x${sha256.slice(0, 16)}`)).toString();

/**
 * To be called in the transaction that writes blobs' names into a row, after {@link BlobStore.commit}: until it ends
 * nobody removes them as unused.
 * @throws Problem unavailable where one was removed since it was committed: it must be committed again
 */
export async function holdBlobs(
  manager: EntityManager,
  blobs: BlobStore,
  hashes: readonly string[],
): Promise<void> {
  for (const sha256 of hashes.toSorted()) {
    await manager.query('SELECT pg_advisory_xact_lock_shared($1)', [lockOf(sha256)]);
    if ((await blobs.sizeOf(sha256)) === null) {
      throw new Problem('unavailable', 'The file was cleared away just now. Please send it again.', {
        retryAfterSeconds: RETRY_SECONDS,
      });
    }
  }
}

/** Keeps everybody from naming a blob until the transaction ends: for whoever wants to remove it. */
export async function lockBlob(manager: EntityManager, sha256: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [lockOf(sha256)]);
}
