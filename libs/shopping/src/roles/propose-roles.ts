import { normaliseHeader } from './normalise-header.js';
import { type ColumnKind, type Role, ROLE_TYPES, ROLES, type RoleColumn, type RoleMap } from './role.js';
import { ROLE_NAMES } from './role-names.js';

/** A role is proposed where at least this share of the non-empty values fits its type. */
const MIN_FITTING_SHARE = 0.95;
/** Confidence of a header found in the first, second, … list of a role's names. */
const TIER_CONFIDENCE = [1, 0.95, 0.85, 0.7];

export interface RoleProposal {
  role: Role;
  column: string;
  /** 0…1; 1 = the header is one of the role's own names. */
  confidence: number;
}

const CONFIDENCE_BY_NAME = new Map<Role, Map<string, number>>(
  ROLES.map((role) => [
    role,
    new Map(
      ROLE_NAMES[role].flatMap((tier, index) =>
        tier.split(',').map((name) => [normaliseHeader(name), TIER_CONFIDENCE[index] ?? 0] as const),
      ),
    ),
  ]),
);

/** Words that may stand between a noun and its number in one language or another ("código de cliente"). */
const FILLERS = /(?:^|[\s_.-])(?:de|del|da|do|di|du|der|des|van|of|the|la|el)(?=[\s_.-])/giu;

const fits = (column: RoleColumn, role: Role): boolean => {
  const demanded: readonly ColumnKind[] | undefined = ROLE_TYPES[role];
  if (demanded === undefined || demanded.includes(column.type)) return true;
  const share = role === 'orderedAt' ? column.temporalShare : column.numericShare;
  return share !== undefined && share >= MIN_FITTING_SHARE;
};

/**
 * Proposes which column plays which role, from header names in several languages and from types.
 * Each column gets at most one role and each role at most one column: the surest pair first, ties in the
 * order of the columns. Deterministic.
 */
export function proposeRoles(columns: readonly RoleColumn[]): RoleProposal[] {
  const candidates = columns.flatMap((column, position) => {
    const names = [normaliseHeader(column.name), normaliseHeader(column.name.replaceAll(FILLERS, ' '))];
    return ROLES.flatMap((role) => {
      const byName = CONFIDENCE_BY_NAME.get(role);
      const confidence = Math.max(...names.map((name) => byName?.get(name) ?? 0));
      return confidence > 0 && fits(column, role)
        ? [{ role, column: column.name, confidence, position }]
        : [];
    });
  });
  candidates.sort((a, b) => b.confidence - a.confidence || a.position - b.position);
  const takenRoles = new Set<Role>();
  const takenPositions = new Set<number>();
  const proposals: RoleProposal[] = [];
  for (const { role, column, confidence, position } of candidates) {
    if (takenRoles.has(role) || takenPositions.has(position)) continue;
    takenRoles.add(role);
    takenPositions.add(position);
    proposals.push({ role, column, confidence });
  }
  return proposals.sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
}

/** Some header names that a column of this role may have, the surest first; for telling people what was looked for. */
export const namesOfRole = (role: Role): string[] =>
  ROLE_NAMES[role].slice(0, 2).flatMap((tier) =>
    tier
      .split(',')
      .slice(0, 3)
      .map((name) => name.trim()),
  );

/** Roles to use: the proposed ones, overridden by those of the mapping (which may also name other columns). */
export function resolveRoles(columns: readonly RoleColumn[], mapped: RoleMap = {}): RoleMap {
  const fixed = new Set(Object.values(mapped));
  const free = columns.filter((column) => !fixed.has(column.name));
  const proposed = proposeRoles(free).map(({ role, column }) => [role, column] as const);
  return { ...(Object.fromEntries(proposed) as RoleMap), ...mapped };
}
