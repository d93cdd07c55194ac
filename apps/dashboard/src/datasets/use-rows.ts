import { answer, type Answer } from '@app/api-client';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useApi } from '../session/session-provider';
import { questionString, type Question } from './question';

export const ROWS_PER_PAGE = 200;
export type Row = Answer<'/api/v1/datasets/{datasetId}/rows'>['results'][number];

/** Seconds that nobody counted. */
const NO_SECONDS = /(?<=\d\d:\d\d):00(?:\.0+)?Z?$/;

/** A value as it is shown; one that is not there yet as an ellipsis. */
export function textOf(value: Row[string] | undefined, type?: string): string {
  if (value === undefined) return '…';
  if (value === null) return '';
  if (type === 'timestamp' && typeof value === 'string') {
    return value.replace('T', ' ').replace(NO_SECONDS, '');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function usePageQuery(datasetId: string, question: Question, pageSize = ROWS_PER_PAGE) {
  const api = useApi();
  return (page: number) => ({
    queryKey: ['rows', datasetId, question, page, pageSize],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      answer(
        api.GET('/api/v1/datasets/{datasetId}/rows', {
          params: { path: { datasetId } },
          querySerializer: () => questionString(question, { page: String(page), pageSize: String(pageSize) }),
          signal,
        }),
      ),
  });
}

/** The first page, which also tells how many rows there are. */
export function useFirstRows(datasetId: string, question: Question) {
  const pageQuery = usePageQuery(datasetId, question);
  return useQuery({ ...pageQuery(1), placeholderData: keepPreviousData });
}

/** One page of rows, for tables that are leafed through. */
export function useRowsPage(
  datasetId: string,
  question: Question,
  { page, pageSize }: { page: number; pageSize: number },
) {
  const pageQuery = usePageQuery(datasetId, question, pageSize);
  return useQuery({ ...pageQuery(page), placeholderData: keepPreviousData });
}

/** Fetches the pages that cover these rows; a row that is not there yet is undefined. */
export function useRowsBetween(datasetId: string, question: Question, first: number, last: number) {
  const pageQuery = usePageQuery(datasetId, question);
  const firstPage = Math.floor(first / ROWS_PER_PAGE) + 1;
  const lastPage = Math.floor(last / ROWS_PER_PAGE) + 1;
  const numbers = Array.from({ length: lastPage - firstPage + 1 }, (_, index) => firstPage + index);
  const pages = useQueries({ queries: numbers.map(pageQuery) });
  return {
    rowAt: (index: number): Row | undefined => {
      const page = pages[Math.floor(index / ROWS_PER_PAGE) + 1 - firstPage];
      return page?.data?.results[index % ROWS_PER_PAGE];
    },
    problem: pages.find(({ isError }) => isError)?.error,
  };
}
