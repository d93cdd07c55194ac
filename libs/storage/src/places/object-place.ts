import type { Readable } from 'node:stream';
import { Problem } from '@app/problems';

/** A file as its place lists it. */
export interface PlacedObject {
  /** Its name below the place, with `/` between folders. */
  key: string;
  /** Changes whenever the bytes do. */
  etag: string;
  sizeBytes: number;
  modifiedAt: Date;
}

/** Where files of others lie: a part of a bucket, or a folder. */
export abstract class ObjectPlace {
  /**
   * Every file there is, in no order.
   * @throws Problem unprocessable where the place is not there or may not be read
   */
  abstract list(): AsyncIterable<PlacedObject>;

  /**
   * The bytes that were listed. The stream fails where they change while they are read.
   * @throws Problem conflict where the object is gone or another by now
   */
  abstract open(object: PlacedObject): Promise<Readable>;

  /** Writes an object, which appears whole or not at all; an older one of that name is replaced. */
  abstract put(key: string, content: Readable, signal?: AbortSignal): Promise<void>;
}

/** What was listed is no longer there as it was: the next look finds it as it is then. */
export const changedMeanwhile = (key: string): Problem =>
  new Problem('conflict', `${key} changed while it was read.`);

/** A place's prefix and a name below it as one key. */
export const joinKey = (prefix: string, key: string): string =>
  prefix === '' || prefix.endsWith('/') ? `${prefix}${key}` : `${prefix}/${key}`;
