import type { Column, PhysicalName, StorageType, VisibleSet } from '@app/frames';

/** A column that is computed by each question: whole years from the date in the column `of` to the question's date. */
export interface Derivation {
  name: string;
  kind: 'years';
  of: string;
}

const DATES: readonly StorageType[] = ['BIGINT', 'DATE', 'TIMESTAMP'];

/**
 * What a dataset shows, with its computed columns as they are at a time. Only the date counts, in UTC, so that all questions
 * of one day have the same answer.
 * @param asOf the end of the years
 */
export function withDerived(visible: VisibleSet, derivations: readonly Derivation[], asOf: Date): VisibleSet {
  const date = asOf.toISOString().slice(0, 10);
  let next = 1 + Math.max(-1, ...visible.columns.map(({ physical }) => Number(physical.slice(1))));
  const derived = derivations.flatMap(({ name, of }): Column[] => {
    const column = visible.columns.find((candidate) => candidate.name === of);
    const isTaken = visible.columns.some((candidate) => candidate.name === name);
    if (column === undefined || isTaken || !DATES.includes(column.storage)) return [];
    const physical: PhysicalName = `c${next}`;
    next += 1;
    return [
      {
        name,
        header: name,
        physical,
        type: 'integer',
        storage: 'BIGINT',
        nulls: column.nulls,
        min: null,
        max: null,
        yearsFrom: { column: of, date },
      },
    ];
  });
  if (derived.length === 0) return visible;
  // The id names answers that are kept: those of another day are others.
  return { ...visible, id: `${visible.id}@${date}`, columns: [...visible.columns, ...derived] };
}
