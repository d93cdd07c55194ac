import { Problem } from '@app/problems';

/** What compressed bytes may grow to. */
export interface InflationLimits {
  /** Of the bytes as they are received, and of what they inflate to. */
  maxUploadBytes: number;
  /** Inflated bytes for each received one. */
  maxInflateRatio: number;
}

/** Small files may repeat themselves as they like. */
const RATIO_COUNTS_FROM_BYTES = 16 * 1024 ** 2;

const GZIP = [0x1f, 0x8b];

export const isGzip = (head: Uint8Array): boolean => GZIP.every((byte, at) => head[at] === byte);

/** Stops an archive that grows beyond what a file may have, while it grows. */
export class InflationGuard {
  received = 0;
  inflated = 0;

  constructor(private readonly limits: InflationLimits) {}

  /** @throws Problem payload_too_large */
  take(inflatedBytes: number): void {
    this.inflated += inflatedBytes;
    const { maxUploadBytes, maxInflateRatio } = this.limits;
    if (this.inflated > maxUploadBytes) {
      throw new Problem(
        'payload_too_large',
        `The file inflates to more than the ${maxUploadBytes} bytes allowed.`,
      );
    }
    if (this.inflated > RATIO_COUNTS_FROM_BYTES && this.inflated > this.received * maxInflateRatio) {
      throw new Problem(
        'payload_too_large',
        `The file inflates to more than ${maxInflateRatio} times its size, which is allowed.`,
      );
    }
  }
}

/** What a broken archive is answered with. */
export const damagedArchive = (cause: unknown): Problem =>
  new Problem('unprocessable', 'The gzip archive is damaged or incomplete.', { cause });
