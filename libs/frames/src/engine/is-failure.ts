type Kind =
  | 'Conversion Error'
  | 'INTERRUPT Error'
  | 'Invalid Input Error'
  | 'Out of Memory Error'
  | 'TransactionContext Error: cannot rollback';

/** Whether DuckDB has failed in one of these ways: its errors tell theirs by how their message begins alone. */
export const isFailure = (error: unknown, ...kinds: readonly Kind[]): error is Error =>
  error instanceof Error && kinds.some((kind) => error.message.startsWith(kind));
