import { Problem } from '@app/problems';

/** What an archive may hold. */
export interface ArchiveLimits {
  maxEntries: number;
  /** Of all that is unpacked, together. */
  maxBytes: number;
  /** Unpacked bytes for each packed one; counts from 16 MiB on. */
  maxRatio: number;
}

/** Small archives may repeat themselves as they like. */
const RATIO_COUNTS_FROM_BYTES = 16 * 1024 ** 2;

/** An archive of which nothing is taken, with the reason. */
export const rejected = (reason: string, cause?: unknown): Problem =>
  new Problem('archive_rejected', `The archive is refused: ${reason}.`, { cause });

/** @throws Problem archive_rejected where so much of an archive of `packedBytes` is beyond the limits */
export function checkUnpacked(unpackedBytes: number, packedBytes: number, limits: ArchiveLimits): void {
  if (unpackedBytes > limits.maxBytes) {
    throw rejected(`it unpacks to more than the ${limits.maxBytes} bytes allowed`);
  }
  if (unpackedBytes > RATIO_COUNTS_FROM_BYTES && unpackedBytes > packedBytes * limits.maxRatio) {
    throw rejected(`it unpacks to more than ${limits.maxRatio} times its size, which is allowed`);
  }
}
