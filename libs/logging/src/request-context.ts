import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line, audit entry and queue message of one request or task carries. */
export interface RequestContext {
  requestId: string;
  /** Address of the client, where the work began with an HTTP request. */
  address?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const runInContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

export const currentContext = (): RequestContext | undefined => storage.getStore();
