import type { ReportRequest } from '@app/api-client';
import type { ReportOffer } from './report-offer';

/** What the user chose of a report; what is empty is left to the data. */
export interface ReportChoice {
  datasetIds: string[];
  storeIds: string[];
  perStore: boolean;
  features: string[];
  /** Who says how many groups there are: the data, the user, or a column that holds them. */
  groups: 'auto' | 'fixed' | 'column';
  k: number;
  groupBy: string;
  transform: NonNullable<ReportRequest['transform']>;
  scaling: NonNullable<ReportRequest['scaling']>;
  /** A day: yyyy-mm-dd. */
  asOf: string;
  withRfm: boolean;
}

const USUAL_K = 4;

export const USUAL_CHOICE: ReportChoice = {
  datasetIds: [],
  storeIds: [],
  perStore: false,
  features: [],
  groups: 'auto',
  k: USUAL_K,
  groupBy: '',
  transform: 'log1p',
  scaling: 'standard',
  asOf: '',
  withRfm: true,
};

/** The choice as the api takes it: what is usual, and what the data does not offer, is left out. */
export function requestOf(choice: ReportChoice, offer: ReportOffer): ReportRequest {
  const { datasetIds, storeIds, perStore, groups, k, groupBy, transform, scaling, asOf, withRfm } = choice;
  const features = choice.features.filter((name) => offer.features.some(({ value }) => value === name));
  return {
    ...(datasetIds.length > 0 && { datasetIds }),
    ...(storeIds.length > 0 && { storeIds }),
    ...(perStore && { perStore }),
    ...(features.length > 0 && { features }),
    ...(groups === 'fixed' && { k }),
    ...(groups === 'column' && groupBy !== '' && { groupBy }),
    ...(transform !== USUAL_CHOICE.transform && { transform }),
    ...(scaling !== USUAL_CHOICE.scaling && { scaling }),
    ...(asOf !== '' && { asOf }),
    ...(withRfm && offer.hasOrders && { rfm: {} }),
  };
}

/** The choice that a request was made of. */
export function choiceOf(request: ReportRequest): ReportChoice {
  const { storeId, k, groupBy } = request;
  return {
    datasetIds: request.datasetIds ?? [],
    storeIds: request.storeIds ?? (storeId === undefined ? [] : [storeId]),
    perStore: request.perStore ?? false,
    features: request.features ?? [],
    groups: groupBy !== undefined ? 'column' : typeof k === 'number' ? 'fixed' : 'auto',
    k: typeof k === 'number' ? k : USUAL_K,
    groupBy: groupBy ?? '',
    transform: request.transform ?? USUAL_CHOICE.transform,
    scaling: request.scaling ?? USUAL_CHOICE.scaling,
    asOf: request.asOf?.slice(0, 'yyyy-mm-dd'.length) ?? '',
    withRfm: request.rfm !== undefined,
  };
}
