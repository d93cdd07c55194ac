import { type DatasetEntity, withDerived } from '@app/datasets';
import type { VisibleSet } from '@app/frames';
import { invalidParameter } from '@app/problems';
import { z } from 'zod';

const TIME = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

export interface Asked {
  visible: VisibleSet | null;
  /** What was asked but for `asOf`. */
  search: URLSearchParams;
}

/**
 * What a dataset shows at the time that a query names as `asOf`, now where it names none. Only datasets with computed columns
 * have such a time.
 * @throws Problem invalid_parameter for what is no time
 */
export function asOf(
  { derivations }: Pick<DatasetEntity, 'derivations'>,
  visible: VisibleSet | null,
  given: URLSearchParams,
): Asked {
  if (derivations.length === 0) return { visible, search: given };
  const search = new URLSearchParams(given);
  const [time, another] = search.getAll('asOf');
  if (another !== undefined) throw invalidParameter('asOf', 'given twice');
  if (time !== undefined && !TIME.safeParse(time).success) {
    throw invalidParameter('asOf', 'a date or a time such as 2026-11-22T00:00:00Z');
  }
  search.delete('asOf');
  const at = time === undefined ? new Date() : new Date(time);
  return { visible: visible === null ? null : withDerived(visible, derivations, at), search };
}
