import { answer } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../session/session-provider';

const PAGE_SIZE = 100;

export function useDatasets(customerId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['datasets', customerId],
    queryFn: () =>
      answer(
        api.GET('/api/v1/datasets', {
          params: { query: { customerId, pageSize: PAGE_SIZE, ordering: '-updatedAt' } },
        }),
      ),
  });
}

export function useDataset(datasetId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['dataset', datasetId],
    queryFn: () => answer(api.GET('/api/v1/datasets/{datasetId}', { params: { path: { datasetId } } })),
  });
}

export function useUploads(datasetId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['uploads', datasetId],
    queryFn: () =>
      answer(
        api.GET('/api/v1/datasets/{datasetId}/uploads', {
          params: { path: { datasetId }, query: { pageSize: PAGE_SIZE, ordering: '-createdAt' } },
        }),
      ),
  });
}
