import { answer } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '../session/session-provider';

export const DATASETS_PER_PAGE = 100;
export const UPLOADS_PER_PAGE = 100;

export function useDatasets(customerId: string, page = 1) {
  const api = useApi();
  return useQuery({
    queryKey: ['datasets', customerId, page],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/datasets', {
          params: { query: { customerId, page, pageSize: DATASETS_PER_PAGE, ordering: '-updatedAt' } },
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

export function useUploads(datasetId: string, page = 1) {
  const api = useApi();
  return useQuery({
    queryKey: ['uploads', datasetId, page],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/datasets/{datasetId}/uploads', {
          params: {
            path: { datasetId },
            query: { page, pageSize: UPLOADS_PER_PAGE, ordering: '-createdAt' },
          },
        }),
      ),
  });
}
