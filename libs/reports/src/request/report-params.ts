import type { RfmCuts } from '@app/shopping';
import { z } from 'zod';

const K_LOW = 2;
const K_HIGH = 20;
const DEFAULT_K_MIN = 3;
const DEFAULT_K_MAX = 10;
const MAX_FEATURES = 50;
const MAX_CUTS = 9;

const clusters = z.int().min(K_LOW).max(K_HIGH);
const ids = z.array(z.uuid()).min(1).max(100).refine(allDifferent, 'names one twice');
const cuts = z
  .array(z.number())
  .min(1)
  .max(MAX_CUTS)
  .refine((values) => values.every((value, index) => index === 0 || value > (values[index - 1] ?? 0)), {
    message: 'each above the one before',
  });
const rfm = z.union([
  z.strictObject({
    bins: z
      .int()
      .min(2)
      .max(MAX_CUTS + 1)
      .default(5),
  }),
  z.strictObject({ cuts: z.strictObject({ r: cuts, f: cuts, m: cuts }) }),
]);
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
    /** One report a store besides the one over all of them. */
    perStore: z.boolean().default(false),
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
    /** Scores of recency, frequency and money beside the segments: by quantiles or by one's own cut points. */
    rfm: rfm.optional(),
    /** A column whose values are the groups, in place of clusters. */
    groupBy: z.string().min(1).max(1024).optional(),
  })
  .refine(({ storeId, storeIds }) => storeId === undefined || storeIds === undefined, {
    path: ['storeIds'],
    message: 'either storeId or storeIds',
  })
  .refine(({ storeId, perStore }) => storeId === undefined || !perStore, {
    path: ['perStore'],
    message: 'not with a single storeId',
  })
  .refine(
    ({ groupBy, k, kMin, kMax }) =>
      groupBy === undefined || (k === 'auto' && kMin === undefined && kMax === undefined),
    { path: ['groupBy'], message: 'the column gives the number of groups; no k' },
  )
  .refine(({ kMin, kMax }) => kMin === undefined || kMax === undefined || kMin <= kMax, {
    path: ['kMin'],
    message: 'at most kMax',
  });

export type ReportRequest = z.infer<typeof reportRequestSchema>;

/** A request with its defaults filled in; null = not given. */
export interface ReportParams {
  storeId: string | null;
  storeIds: string[] | null;
  perStore: boolean;
  datasetIds: string[] | null;
  k: 'auto' | number;
  kMin: number;
  kMax: number;
  features: string[];
  transform: 'log1p' | 'none';
  scaling: 'standard' | 'robust' | 'minmax' | 'none';
  asOf: string | null;
  seed: number;
  rfm: { bins: number } | { cuts: RfmCuts } | null;
  groupBy: string | null;
}

/** `features` are those of the request, else what the data offers. */
export function fillIn(request: ReportRequest, features: string[]): ReportParams {
  const kMin = request.kMin ?? Math.min(DEFAULT_K_MIN, request.kMax ?? DEFAULT_K_MIN);
  return {
    storeId: request.storeId ?? null,
    // In whatever order they are named, they mean the same report.
    storeIds: request.storeIds?.toSorted() ?? null,
    perStore: request.perStore,
    datasetIds: request.datasetIds?.toSorted() ?? null,
    k: request.k,
    kMin,
    kMax: request.kMax ?? Math.max(DEFAULT_K_MAX, kMin),
    features,
    transform: request.transform,
    scaling: request.scaling,
    asOf: request.asOf ?? null,
    seed: request.seed,
    rfm: request.rfm ?? null,
    groupBy: request.groupBy ?? null,
  };
}
