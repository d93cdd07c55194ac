/**
 * What is asked of Online Retail in the bench of questions: of us over HTTP, and of each peer in its own words under the
 * same name. Every time asks for something else, so that nobody answers from what was kept.
 */

const COUNTRIES = ['France', 'Germany', 'EIRE', 'Spain', 'Netherlands', 'Belgium', 'Switzerland', 'Portugal'];

/** @param {number} time */
const selective = (time) =>
  `filter[Country]=${COUNTRIES[time % COUNTRIES.length]}&filter[Quantity][gte]=${2 + Math.floor(time / COUNTRIES.length)}`;

/**
 * Name → the request below /datasets/{id}. `deep` is the number of a page of 20 near the end.
 * @param {number} rows  of the dataset
 * @returns {Record<string, (time: number) => string>}
 */
export function questions(rows) {
  const deep = Math.floor((rows * 0.9965) / 20) - 40;
  const middle = Math.floor(rows / 40);
  return {
    'filtered page': (time) => `rows?${selective(time)}`,
    'filtered page of many': (time) => `rows?filter[Quantity][gte]=${time + 1}&filter[UnitPrice][gt]=0.5`,
    'filtered deep page': (time) => `rows?filter[Quantity][ne]=${10_000 + time}&page=${deep}`,
    'deep page': (time) => `rows?page=${deep + time}`,
    'sorted page': (time) => `rows?ordering=-UnitPrice&page=${time + 1}`,
    'sorted deep page': (time) => `rows?ordering=UnitPrice&page=${deep + time}`,
    'sorted middle page': (time) => `rows?ordering=InvoiceDate&page=${middle + time}`,
    'sorted by text, deep page': (time) => `rows?ordering=Description&page=${deep + time}`,
    'filtered stats': (time) => `stats?column=UnitPrice&${selective(time)}`,
    'filtered stats by group': (time) =>
      `stats?column=UnitPrice&groupBy=Country&filter[Quantity][gt]=${time}`,
    values: (time) => `values?column=Country&filter[Quantity][gt]=${time}`,
  };
}
