import { followTask, type Task } from '@app/api-client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useApi } from '../session/session-provider';

/** A task as it changes. What it may have changed is asked for again when it is finished. */
export function useTask(taskId: string | undefined): { task: Task | undefined; problem: unknown } {
  const api = useApi();
  const queries = useQueryClient();
  const [task, setTask] = useState<Task>();
  const [problem, setProblem] = useState<unknown>();
  useEffect(() => {
    if (taskId === undefined) return;
    const gone = new AbortController();
    const { signal } = gone;
    const follow = async () => {
      for await (const change of followTask(api, taskId, signal)) setTask(change);
      if (!signal.aborted) await queries.invalidateQueries();
    };
    follow().catch((error: unknown) => !signal.aborted && setProblem(error));
    return () => gone.abort();
  }, [api, queries, taskId]);
  return { task: task?.id === taskId ? task : undefined, problem };
}
