export const OPERATORS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'contains', 'isnull'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Filter {
  column: string;
  operator: Operator;
  value: string;
}

/** What is asked of a dataset's rows. */
export interface Question {
  filters: readonly Filter[];
  /** Column, with a leading `-` for descending. */
  ordering: string | undefined;
}

/** The question as the query of an address. */
export function questionString({ filters, ordering }: Question, more: Record<string, string> = {}): string {
  const query = new URLSearchParams(more);
  for (const { column, operator, value } of filters) query.append(`filter[${column}][${operator}]`, value);
  if (ordering !== undefined) query.set('ordering', ordering);
  return query.toString();
}
