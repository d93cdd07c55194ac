import type { Column, ColumnEvidence, IngestRequest, Mapping } from '@app/frames';
import { resolveRoles } from '@app/shopping';
import { effectiveMapping, withMapping } from '../column-mapping.js';
import type { DatasetView } from '../dataset.service.js';
import { commonType } from '../fold/column-union.js';
import type { UploadEntity } from '../upload.entity.js';

/** How a file is to be read, from what was decided and from what the dataset holds already. */
export interface ReadingPlan extends Pick<
  IngestRequest,
  'overrides' | 'mapping' | 'existingColumns' | 'decideRoles'
> {
  /** What the dataset showed when the plan was made. */
  visibleSetId: string | null;
  mapping: Mapping;
}

/**
 * A replacing upload starts afresh: neither the types nor the proposed roles of the rows it hides bind it, only
 * what people decided does.
 */
export function readingPlan(upload: UploadEntity, { dataset, columns }: DatasetView): ReadingPlan {
  const { mapping, encoding, delimiter } = upload.options;
  const decisions = withMapping(dataset.decisions, mapping);
  const replacing = upload.mode === 'replace';
  const inForce = effectiveMapping(replacing ? {} : dataset.mapping.roles, decisions);
  const takenAway = Object.keys(decisions.roles).filter((role) => decisions.roles[role] === null);
  return {
    visibleSetId: dataset.visibleSetId,
    overrides: { encoding, delimiter },
    mapping: inForce,
    ...(!replacing && columns.length > 0 && { existingColumns: columns }),
    decideRoles: (evidence) => proposals(evidence, inForce.roles, takenAway),
  };
}

/** Roles for the columns that have none yet. */
function proposals(
  evidence: ColumnEvidence[],
  inForce: Record<string, string>,
  takenAway: readonly string[],
): Record<string, string> {
  const roles = resolveRoles(evidence, inForce);
  return Object.fromEntries(
    Object.entries(roles).filter(([role]) => !(role in inForce) && !takenAway.includes(role)),
  );
}

/**
 * For a dataset that got its columns, or other ones, while the file was being read.
 * @throws Error, for another attempt that knows them, where the types do not go together
 */
export function checkStillFits(
  existing: readonly Column[],
  read: readonly Column[],
  plan: ReadingPlan,
): void {
  const types = new Map(existing.map(({ name, type }) => [name, type]));
  const clash = read.find(({ name, type }) => {
    const bound = types.get(name);
    if (bound === undefined || bound === type || plan.mapping.columns[name]?.type === 'text') return false;
    return commonType(bound, type) === 'text';
  });
  if (clash !== undefined) {
    throw new Error('The columns of the dataset changed while the file was being read.');
  }
}
