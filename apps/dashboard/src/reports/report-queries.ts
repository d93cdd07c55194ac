import { answer } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '../session/session-provider';

export const REPORTS_PER_PAGE = 50;
const LOOK_AGAIN_MS = 3_000;

/** The newest first, looked at again as long as one of them is not finished. */
export function useReports(customerId: string, page = 1) {
  const api = useApi();
  return useQuery({
    queryKey: ['reports', customerId, page],
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data?.results.some(({ finishedAt }) => finishedAt === null) === true && LOOK_AGAIN_MS,
    queryFn: () =>
      answer(
        api.GET('/api/v1/reports', {
          params: { query: { customerId, page, pageSize: REPORTS_PER_PAGE, ordering: '-createdAt' } },
        }),
      ),
  });
}

export function useReport(reportId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['report', reportId],
    queryFn: () => answer(api.GET('/api/v1/reports/{reportId}', { params: { path: { reportId } } })),
  });
}

/** The task that computes a report that is not finished. */
export function useReportTask(customerId: string, reportId: string, isRunning: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ['report-task', reportId],
    enabled: isRunning,
    queryFn: async () => {
      const { results } = await answer(
        api.GET('/api/v1/tasks', {
          params: { query: { customerId, kind: 'segmentation', ordering: '-createdAt', pageSize: 100 } },
        }),
      );
      return results.find((task) => task.reportId === reportId) ?? null;
    },
  });
}
