import { answer } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../session/session-provider';

const PAGE_SIZE = 50;

export function useReports(customerId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['reports', customerId],
    queryFn: () =>
      answer(
        api.GET('/api/v1/reports', {
          params: { query: { customerId, pageSize: PAGE_SIZE, ordering: '-createdAt' } },
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
