import type { Dataset, ReportRequest } from '@app/api-client';
import { expect, it } from 'vitest';
import { choiceOf, requestOf, USUAL_CHOICE } from './report-choice.js';
import { offerOf } from './report-offer.js';

const column = (name: string, type: string) => ({ name, type });
const sales = { id: 'sales', kind: 'transactions', rowCount: 5, storeId: 'here', columns: [] };
const people = {
  id: 'people',
  kind: 'shoppers',
  rowCount: 5,
  storeId: null,
  mapping: { roles: { shopperId: 'Id' } },
  columns: [column('Id', 'integer'), column('Income', 'integer'), column('Genre', 'text')],
};
const datasets = [sales, people] as unknown as Dataset[];

it('asks for nothing that is usual, and for scores where there are orders', () => {
  expect(requestOf(USUAL_CHOICE, offerOf(datasets, USUAL_CHOICE))).toEqual({ rfm: {} });
  const ofPeople = { ...USUAL_CHOICE, datasetIds: ['people'] };
  expect(requestOf(ofPeople, offerOf(datasets, ofPeople))).toEqual({ datasetIds: ['people'] });
});

it('offers the columns of shoppers in place of habits, and those that may hold the groups', () => {
  const offer = offerOf(datasets, { datasetIds: ['people'], storeIds: [] });
  expect(offer.features.map(({ value }) => value)).toEqual(['Income']);
  expect(offer.groupColumns).toEqual(['Income', 'Genre']);
  const habits = { ...USUAL_CHOICE, datasetIds: ['people'], features: ['monetary'] };
  expect(requestOf(habits, offer).features).toBeUndefined();
});

it('means sales before shoppers, and of stores only theirs', () => {
  const unnamed = { datasetIds: [], storeIds: [] };
  expect(offerOf(datasets, unnamed).hasOrders).toBe(true);
  expect(offerOf([{ ...people, rowCount: 0 } as unknown as Dataset], unnamed).groupColumns).toEqual([]);
  expect(offerOf(datasets, { datasetIds: [], storeIds: ['elsewhere'] }).hasOrders).toBe(false);
});

it('finds the choice again in its request', () => {
  const request: ReportRequest = {
    datasetIds: ['sales'],
    storeIds: ['here'],
    perStore: true,
    features: ['monetary'],
    k: 5,
    transform: 'none',
    scaling: 'robust',
    asOf: '2011-12-10',
    rfm: {},
  };
  const choice = choiceOf(request);
  expect(requestOf(choice, offerOf(datasets, choice))).toEqual(request);
  const grouped: ReportRequest = { datasetIds: ['people'], groupBy: 'Genre' };
  const other = choiceOf(grouped);
  expect(requestOf(other, offerOf(datasets, other))).toEqual(grouped);
  expect(choiceOf({ storeId: 'here' }).storeIds).toEqual(['here']);
});
