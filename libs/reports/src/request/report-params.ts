import { z } from 'zod';

const K_LOW = 2;
const K_HIGH = 20;
const DEFAULT_K_MIN = 3;
const DEFAULT_K_MAX = 10;
const MAX_FEATURES = 50;

const clusters = z.int().min(K_LOW).max(K_HIGH);
const ids = z.array(z.uuid()).min(1).max(100).refine(allDifferent, 'names one twice');
const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .refine((value) => !Number.isNaN(Date.parse(value)), 'not a moment')
  .transform((value) => new Date(value).toISOString());

function allDifferent(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

/** What a caller may ask of a report. Everything has a default; without stores and datasets all data is meant. */
export const reportRequestSchema = z
  .strictObject({
    storeId: z.uuid().optional(),
    storeIds: ids.optional(),
    datasetIds: ids.optional(),
    k: z.union([z.literal('auto'), clusters]).default('auto'),
    kMin: clusters.optional(),
    kMax: clusters.optional(),
    features: z
      .array(z.string().min(1).max(1024))
      .min(1)
      .max(MAX_FEATURES)
      .refine(allDifferent, 'names one twice')
      .optional(),
    transform: z.enum(['log1p', 'none']).default('log1p'),
    scaling: z.enum(['standard', 'robust', 'minmax', 'none']).default('standard'),
    asOf: moment.optional(),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(0),
  })
  .refine(({ storeId, storeIds }) => storeId === undefined || storeIds === undefined, {
    path: ['storeIds'],
    message: 'either storeId or storeIds',
  })
  .refine(({ kMin, kMax }) => kMin === undefined || kMax === undefined || kMin <= kMax, {
    path: ['kMin'],
    message: 'at most kMax',
  });

export type ReportRequest = z.infer<typeof reportRequestSchema>;

/** A request with its defaults filled in; null = not given. */
export interface ReportParams {
  storeId: string | null;
  storeIds: string[] | null;
  datasetIds: string[] | null;
  k: 'auto' | number;
  kMin: number;
  kMax: number;
  features: string[];
  transform: 'log1p' | 'none';
  scaling: 'standard' | 'robust' | 'minmax' | 'none';
  asOf: string | null;
  seed: number;
}

/** `features` are those of the request, else what the data offers. */
export function fillIn(request: ReportRequest, features: string[]): ReportParams {
  const kMin = request.kMin ?? Math.min(DEFAULT_K_MIN, request.kMax ?? DEFAULT_K_MIN);
  return {
    storeId: request.storeId ?? null,
    storeIds: request.storeIds ?? null,
    datasetIds: request.datasetIds ?? null,
    k: request.k,
    kMin,
    kMax: request.kMax ?? Math.max(DEFAULT_K_MAX, kMin),
    features,
    transform: request.transform,
    scaling: request.scaling,
    asOf: request.asOf ?? null,
    seed: request.seed,
  };
}
