import { isCurrency, isTimezone, type StoreEntity, type StoreFields } from '@app/stores';
import { z } from 'zod';
import { listQuery, pageOf } from '../http/listing.js';
import { text } from '../http/text.js';

// Half the earth's circumference: nothing is farther away.
const MAX_RADIUS_KM = 20_038;

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);
const location = z.strictObject({ latitude, longitude });
const timezone = z.string().refine(isTimezone, 'not an IANA time zone');
const currency = z.string().trim().toUpperCase().refine(isCurrency, 'not an ISO 4217 currency');

export const storeResponse = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  name: z.string(),
  code: z.string().nullable(),
  city: z.string().nullable(),
  country: z.string().nullable(),
  timezone: z.string(),
  currency: z.string().nullable(),
  location: z.object({ latitude, longitude }).nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type StoreResponse = z.infer<typeof storeResponse>;

export const storePage = pageOf(storeResponse);

export const toStoreResponse = (store: StoreEntity): StoreResponse => ({
  id: store.id,
  customerId: store.customerId,
  name: store.name,
  code: store.code,
  city: store.city,
  country: store.country,
  timezone: store.timezone,
  currency: store.currency,
  location:
    store.latitude === null || store.longitude === null
      ? null
      : { latitude: store.latitude, longitude: store.longitude },
  createdAt: store.createdAt.toISOString(),
  updatedAt: store.updatedAt.toISOString(),
});

/** The whole store: what is left out gets its default. */
export const storeBody = z.strictObject({
  name: text(200),
  code: text(64).nullable().default(null),
  city: text(200).nullable().default(null),
  country: text(200).nullable().default(null),
  timezone: timezone.default('UTC'),
  currency: currency.nullable().default(null),
  location: location.nullable().default(null),
});
export type StoreBody = z.infer<typeof storeBody>;

export const storeChangesBody = z.strictObject({
  name: text(200).optional(),
  code: text(64).nullable().optional(),
  city: text(200).nullable().optional(),
  country: text(200).nullable().optional(),
  timezone: timezone.optional(),
  currency: currency.nullable().optional(),
  location: location.nullable().optional(),
});
export type StoreChangesBody = z.infer<typeof storeChangesBody>;

type Coordinates = Pick<StoreFields, 'latitude' | 'longitude'>;

const coordinates = (place: z.infer<typeof location> | null): Coordinates =>
  place ?? { latitude: null, longitude: null };

export const toStoreFields = ({ location: place, ...fields }: StoreBody): StoreFields => ({
  ...fields,
  ...coordinates(place),
});

export const toStoreChanges = ({ location: place, ...fields }: StoreChangesBody): Partial<StoreFields> => ({
  ...fields,
  ...(place === undefined ? {} : coordinates(place)),
});

const near = z
  .string()
  .regex(/^-?\d{1,3}(\.\d{1,15})?,-?\d{1,3}(\.\d{1,15})?$/, 'latitude,longitude in degrees')
  .transform((value) => value.split(',').map(Number))
  .pipe(z.tuple([latitude, longitude]));

const radiusKm = z
  .string()
  .regex(/^\d{1,5}(\.\d{1,6})?$/, 'kilometres')
  .transform(Number)
  .pipe(z.number().positive().max(MAX_RADIUS_KM));

export const storeListQuery = z
  .strictObject({ ...listQuery, near: near.optional(), radiusKm: radiusKm.optional() })
  .refine(({ near, radiusKm }) => radiusKm === undefined || near !== undefined, {
    path: ['radiusKm'],
    message: 'needs near',
  });
export type StoreListQuery = z.infer<typeof storeListQuery>;

export const nearOf = (
  query: StoreListQuery,
): { latitude: number; longitude: number; radiusKm: number } | undefined =>
  query.near === undefined
    ? undefined
    : { latitude: query.near[0], longitude: query.near[1], radiusKm: query.radiusKm ?? MAX_RADIUS_KM };
