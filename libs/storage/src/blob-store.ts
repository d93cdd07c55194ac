import type { Readable } from 'node:stream';

/** Received bytes that are not yet kept: {@link BlobStore.commit} keeps them, {@link BlobStore.discard} drops them. */
export interface StagedBlob {
  path: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** A blob as the storage has it. */
export interface StoredBlob {
  sha256: string;
  sizeBytes: number;
  /** When its bytes were last written. */
  modifiedAt: Date;
}

export interface StageOptions {
  maxBytes: number;
  /** Told the number of bytes received so far, after every piece. */
  onBytes?: (total: number) => void;
}

/** Immutable files, named by the SHA-256 of their bytes. Also the injection token of the store in use. */
export abstract class BlobStore {
  /**
   * Streams `source` into a temporary file while hashing it. After any error nothing is left.
   * @throws Problem `payload_too_large` beyond `maxBytes`, `unavailable` where the storage is full.
   */
  abstract stage(source: Readable, options: StageOptions): Promise<StagedBlob>;

  /** Keeps a staged blob under its content address, durably. Repeating it is harmless. */
  abstract commit(staged: StagedBlob): Promise<void>;

  abstract discard(staged: StagedBlob): Promise<void>;

  /** @throws Problem `not_found` where there is no such blob. */
  abstract open(sha256: string): Promise<Readable>;

  /**
   * A local file with these bytes, to be read only.
   * @throws Problem `not_found` where there is no such blob.
   */
  abstract localPath(sha256: string): Promise<string>;

  /** Bytes of a blob; null where there is none. */
  abstract sizeOf(sha256: string): Promise<number | null>;

  /** Every blob there is, in no order. */
  abstract list(): AsyncIterable<StoredBlob>;

  /** Removes a blob; one that is not there is no error. */
  abstract remove(sha256: string): Promise<void>;

  /** Removes a blob whose bytes were written before that time. @returns whether it did */
  abstract removeOlder(sha256: string, before: Date): Promise<boolean>;

  /** Removes what killed processes have staged. @returns how many files */
  abstract sweepStaged(): Promise<number>;
}
