import type { Column } from '@app/frames';
import { type Role, roleCandidates, ROLES } from '@app/shopping';
import type { DatasetEntity } from '../dataset.entity.js';

export const ROLE_ORIGINS = ['mapping', 'store', 'proposal'] as const;
/** Whose word it is: people said so here, in another dataset of the store, or nobody did. */
export type RoleOrigin = (typeof ROLE_ORIGINS)[number];

/** Which column plays a role, how sure that is, and which others might. */
export interface RoleView {
  role: Role;
  /** Null where none does. */
  column: string | null;
  /** 0…1; 1 where people said so, null where no column plays the role. */
  confidence: number | null;
  origin: RoleOrigin | null;
  /** Columns without a role that look like it, the surest first. */
  alternatives: { column: string; confidence: number }[];
}

const MOST_ALTERNATIVES = 3;

/** Every role in its order; nothing while a dataset has no columns. */
export function rolesOf(
  { mapping, decisions }: Pick<DatasetEntity, 'mapping' | 'decisions'>,
  columns: readonly Column[],
): RoleView[] {
  if (columns.length === 0) return [];
  const candidates = roleCandidates(columns);
  const taken = new Set(Object.values(mapping.roles));
  return ROLES.map((role) => {
    const own = candidates.filter((candidate) => candidate.role === role);
    const column = mapping.roles[role] ?? null;
    const alternatives = own
      .filter((candidate) => !taken.has(candidate.column))
      .slice(0, MOST_ALTERNATIVES)
      .map((candidate) => ({ column: candidate.column, confidence: candidate.confidence }));
    if (column === null) return { role, column, confidence: null, origin: null, alternatives };
    const said = decisions.roles[role] === column;
    const origin = !said ? 'proposal' : decisions.remembered?.includes(role) ? 'store' : 'mapping';
    const proposed = own.find((candidate) => candidate.column === column)?.confidence ?? null;
    return { role, column, confidence: said ? 1 : proposed, origin, alternatives };
  });
}
