import { answer, type ApiClient } from './api-client.js';
import type { Answer } from './answers.js';

export interface NewDatasetFile {
  customerId: string;
  /** What the dataset is called. */
  name: string;
  file: Blob;
  fileName: string;
  storeId?: string;
}

type Created = Extract<Answer<'/api/v1/datasets', 'post'>, { upload: unknown }>;

/**
 * Begins a dataset with a file; its rows are there once the task is finished.
 * @throws ApiProblem `duplicate`, with the first upload's id in its body, where the customer has the same bytes already
 */
export async function uploadDataset(
  api: ApiClient,
  { customerId, name, file, fileName, storeId }: NewDatasetFile,
): Promise<Created> {
  const form = new FormData();
  form.append('customerId', customerId);
  form.append('name', name);
  if (storeId !== undefined) form.append('storeId', storeId);
  form.append('file', file, fileName);
  // The form is sent as it is: fetch itself writes its boundaries.
  const created = api.POST('/api/v1/datasets', { body: form as never, bodySerializer: () => form });
  return (await answer(created)) as Created;
}
