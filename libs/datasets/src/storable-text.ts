/**
 * Postgres stores neither NUL nor half a surrogate pair, which files may well hold: both become U+FFFD in
 * every text of a JSON value. Frames keep the original.
 */
export function storable<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD') as T;
  if (Array.isArray(value)) return value.map(storable) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [storable(key), storable(item)]),
    ) as T;
  }
  return value;
}
