import type { Column, Mapping } from '../columns/column.js';
import { type ColumnEvidence, ROLE_DEMANDS } from '../columns/evidence.js';
import type { DialectOverrides } from '../csv/dialect.js';
import type { ColumnDirective } from '../types/typed-column.js';

/** A role is proposed where at least this share of the values fits its type. */
const ROLE_SHARE = 0.95;

export interface DirectiveSources {
  names: readonly string[];
  mapping: Partial<Mapping>;
  existing: readonly Column[];
  overrides: DialectOverrides;
}

/** A dataset's numbers and dates may widen; other types stay. */
const KIND_OF_EXISTING = {
  integer: 'numeric',
  decimal: 'numeric',
  date: 'temporal',
  timestamp: 'temporal',
  boolean: 'boolean',
  text: 'text',
} as const;

/** What is demanded of each column: by the mapping, else by the dataset, else by a role. */
export function directivesOf(
  { names, mapping, existing, overrides }: DirectiveSources,
  roles: Readonly<Record<string, string>>,
): Map<string, ColumnDirective> {
  const types = new Map(existing.map(({ name, type }) => [name, type]));
  const demands = new Map(Object.entries(mapping.columns ?? {}));
  const byRole = new Map(
    Object.entries(roles).flatMap(([role, name]) => {
      const kind = ROLE_DEMANDS[role];
      return kind === undefined ? [] : [[name, kind] as const];
    }),
  );
  return new Map(
    names.map((name) => {
      const demand = demands.get(name);
      const known = types.get(name);
      const kind =
        demand?.type ?? (known === undefined ? undefined : KIND_OF_EXISTING[known]) ?? byRole.get(name);
      return [
        name,
        {
          kind,
          decimal: demand?.decimal ?? overrides.decimal,
          dateOrder: demand?.dateOrder ?? overrides.dateOrder,
        },
      ];
    }),
  );
}

/** The roles of a table: those given, and of those proposed the ones that the values allow. */
export function rolesOf(
  given: Readonly<Record<string, string>>,
  proposed: Readonly<Record<string, string>>,
  evidence: readonly ColumnEvidence[],
): Record<string, string> {
  const columns = new Map(evidence.map((column) => [column.name, column]));
  const roles = Object.entries(proposed).filter(([role, name]) => {
    const column = columns.get(name);
    if (column === undefined) return false;
    const demand = ROLE_DEMANDS[role];
    if (demand === undefined) return true;
    const share = demand === 'numeric' ? column.numericShare : column.temporalShare;
    return share >= ROLE_SHARE;
  });
  const present = Object.entries(given).filter(([, name]) => columns.has(name));
  return { ...Object.fromEntries(roles), ...Object.fromEntries(present) };
}
