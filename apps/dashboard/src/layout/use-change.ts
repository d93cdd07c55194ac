import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';

/** Something that changes what the api answers: what was asked under this key is asked anew when it is done. */
export function useChange<Given = void, Result = unknown>(
  work: (given: Given) => Promise<Result>,
  key?: QueryKey,
  onDone?: (result: Result) => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: async (result) => {
      await queries.invalidateQueries(key === undefined ? {} : { queryKey: key });
      onDone?.(result);
    },
  });
}
