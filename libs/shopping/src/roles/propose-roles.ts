import { normaliseHeader } from './normalise-header.js';
import { type ColumnKind, type Role, ROLE_TYPES, ROLES, type RoleColumn, type RoleMap } from './role.js';
import { PERSON_WORDS, ROLE_NAMES } from './role-names.js';

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

/** Surer than this, a proposal is used; less sure ones are shown as alternatives alone. */
export const MIN_CONFIDENCE = 0.6;
/** An id with fractions would be strange. */
const FRACTIONAL_ID = 0.8;
/** Of a table of people, its `id` is the shopper's. */
const ID_OF_PEOPLE = 0.65;
/** By type alone, where no header tells. */
const ONLY_DATE = 0.4;
const ONLY_DECIMAL = 0.3;

/** How well a column's values fit a role, 0…1; 0 where they do not. */
function fit(column: RoleColumn, role: Role): number {
  const demanded: readonly ColumnKind[] | undefined = ROLE_TYPES[role];
  if (demanded === undefined) {
    if (column.type === 'decimal') return FRACTIONAL_ID;
    return column.type === 'integer' || column.type === 'text' ? 1 : 0;
  }
  if (demanded.includes(column.type)) return 1;
  const share = (role === 'orderedAt' ? column.temporalShare : column.numericShare) ?? 0;
  return share >= MIN_FITTING_SHARE ? share : 0;
}

/** Every column that may play a role, by its header in several languages, its type and its values; the surest first. */
export function roleCandidates(columns: readonly RoleColumn[]): RoleProposal[] {
  return columns
    .flatMap((column, position) =>
      ROLES.map((role) => ({
        role,
        column: column.name,
        confidence: Math.max(byName(column, role) * fit(column, role), byTable(column, role, columns)),
        position,
      })),
    )
    .filter(({ confidence }) => confidence > 0)
    .sort((a, b) => b.confidence - a.confidence || a.position - b.position)
    .map(({ role, column, confidence }) => ({ role, column, confidence }));
}

function byName({ name }: RoleColumn, role: Role): number {
  const confidences = CONFIDENCE_BY_NAME.get(role);
  const names = [normaliseHeader(name), normaliseHeader(name.replaceAll(FILLERS, ' '))];
  return Math.max(...names.map((own) => confidences?.get(own) ?? 0));
}

/** What the rest of the table tells: an id among facts about people, the only date, the only decimal. */
function byTable(column: RoleColumn, role: Role, columns: readonly RoleColumn[]): number {
  const isOnly = (...types: ColumnKind[]): boolean =>
    types.includes(column.type) && columns.filter(({ type }) => types.includes(type)).length === 1;
  if (role === 'shopperId') {
    return isPlainId(column) && columns.some(tellsOfPeople) ? ID_OF_PEOPLE : 0;
  }
  if (role === 'orderedAt') return isOnly('date', 'timestamp') && columns.length > 1 ? ONLY_DATE : 0;
  return role === 'amount' && isOnly('decimal') && columns.length > 1 ? ONLY_DECIMAL : 0;
}

const isPlainId = ({ name, type }: RoleColumn): boolean =>
  ['id', 'uid', 'uuid', 'key'].includes(normaliseHeader(name)) && (type === 'integer' || type === 'text');

const tellsOfPeople = ({ name }: RoleColumn): boolean =>
  name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{Letter}]+/u)
    .some((word) => PERSON_WORDS.has(normaliseHeader(word)));

/**
 * Proposes which column plays which role. Each column gets at most one role and each role at most one column: the
 * surest pair first, ties in the order of the columns. Deterministic.
 */
export function proposeRoles(columns: readonly RoleColumn[]): RoleProposal[] {
  const taken = new Set<string>();
  const proposals = new Map<Role, RoleProposal>();
  for (const candidate of roleCandidates(columns)) {
    const { role, column, confidence } = candidate;
    if (confidence < MIN_CONFIDENCE || proposals.has(role) || taken.has(column)) continue;
    proposals.set(role, candidate);
    taken.add(column);
  }
  return ROLES.flatMap((role) => proposals.get(role) ?? []);
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
