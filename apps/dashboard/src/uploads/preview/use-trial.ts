import { answer, type Trial } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '../../session/session-provider';
import { type Reading, readingFields } from '../reading/reading';
import { sampleOf } from './sample';

/** Where a file is to go: into a dataset, or into a new one of a customer. */
export type Target = { datasetId: string } | { customerId: string };

/** What the api finds in the head of a file, if it is read as the user says; nothing is kept of it. */
export function useTrial(file: File | null, target: Target, reading: Reading) {
  const api = useApi();
  return useQuery({
    queryKey: ['trial', file?.name, file?.size, file?.lastModified, target, reading],
    enabled: file !== null,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const form = new FormData();
      const name = 'datasetId' in target ? {} : { customerId: target.customerId, name: 'trial' };
      for (const [field, value] of Object.entries({ ...name, ...readingFields(reading) })) {
        form.append(field, value);
      }
      form.append('file', await sampleOf(file as File));
      const call = {
        // The contract describes a form by its fields; the form itself is what is sent.
        body: form as never,
        bodySerializer: () => form,
        signal,
      };
      const query = { dryRun: 'true' as const };
      const found =
        'datasetId' in target
          ? await answer(
              api.POST('/api/v1/datasets/{datasetId}/uploads', {
                params: { path: { datasetId: target.datasetId }, query },
                ...call,
              }),
            )
          : await answer(api.POST('/api/v1/datasets', { params: { query }, ...call }));
      return found as Trial;
    },
  });
}
