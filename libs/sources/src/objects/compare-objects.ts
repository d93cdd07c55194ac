import type { PlacedObject } from '@app/storage';

/** An object as an earlier look dealt with it. */
export interface KnownObject {
  key: string;
  etag: string;
  sizeBytes: number;
}

export interface Difference<Known extends KnownObject> {
  /** New or changed, oldest first. */
  fresh: PlacedObject[];
  unchanged: Known[];
  /** Known, and no longer there. */
  gone: Known[];
}

const inTime = (a: PlacedObject, b: PlacedObject): number =>
  a.modifiedAt.getTime() - b.modifiedAt.getTime() || (a.key < b.key ? -1 : 1);

/** What is to be dealt with. Times only order: a clock that goes wrong makes nothing be missed or taken twice. */
export function compareObjects<Known extends KnownObject>(
  found: readonly PlacedObject[],
  known: readonly Known[],
): Difference<Known> {
  const before = new Map(known.map((object) => [object.key, object]));
  const present = new Set(found.map(({ key }) => key));
  const same = ({ key, etag, sizeBytes }: PlacedObject): boolean => {
    const earlier = before.get(key);
    return earlier?.etag === etag && earlier.sizeBytes === sizeBytes;
  };
  const unchanged = new Set(found.filter(same).map(({ key }) => key));
  return {
    fresh: found.filter(({ key }) => !unchanged.has(key)).toSorted(inTime),
    unchanged: known.filter(({ key }) => unchanged.has(key)),
    gone: known.filter(({ key }) => !present.has(key)),
  };
}
