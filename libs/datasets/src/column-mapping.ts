import { COLUMN_TYPES, type Mapping } from '@app/frames';
import { invalidParameter, Problem } from '@app/problems';
import { ROLES } from '@app/shopping';
import { z } from 'zod';

const columnName = z.string().min(1).max(1024);

/** Roles and demands by column name, as the HTTP contract has them. */
export const columnMappingSchema = z.strictObject({
  roles: z.partialRecord(z.enum(ROLES), columnName).optional(),
  columns: z
    .record(
      columnName,
      z.strictObject({
        type: z.enum(COLUMN_TYPES).optional(),
        decimal: z.enum(['.', ',']).optional(),
        dateOrder: z.enum(['dmy', 'mdy', 'ymd']).optional(),
        /** The dataset's name of a column that has another one in the file. */
        as: columnName.optional(),
      }),
    )
    .optional(),
});

/** A mapping as a caller gives it; either half may be absent. */
export type GivenMapping = z.infer<typeof columnMappingSchema>;

/**
 * What people decided about a dataset, apart from what its data showed. A role of null is one that is taken
 * away: it is not proposed again.
 */
export interface Decisions {
  kind?: 'transactions' | 'shoppers' | 'generic';
  roles: Record<string, string | null>;
  columns: NonNullable<GivenMapping['columns']>;
  /** Of the roles, those nobody decided here: they were remembered from other datasets of the store. */
  remembered?: string[];
}

export const NO_DECISIONS: Decisions = { roles: {}, columns: {} };

/** An upload's mapping adds to what was decided before; where both speak, the later word counts. */
export function withMapping(decisions: Decisions, mapping: GivenMapping | undefined): Decisions {
  return {
    ...decisions,
    roles: { ...decisions.roles, ...mapping?.roles },
    columns: { ...decisions.columns, ...mapping?.columns },
    ...(decisions.remembered !== undefined && {
      remembered: decisions.remembered.filter((role) => !(role in (mapping?.roles ?? {}))),
    }),
  };
}

/** A mapping set on the dataset itself is the whole truth: roles it leaves out are taken away. */
export function replacingMapping(
  decisions: Decisions,
  mapping: GivenMapping,
  current: Mapping['roles'],
): Decisions {
  const removed = Object.fromEntries(Object.keys(current).map((role) => [role, null]));
  return {
    ...decisions,
    ...(mapping.roles !== undefined && { remembered: [] }),
    roles: mapping.roles === undefined ? decisions.roles : { ...removed, ...mapping.roles },
    columns: mapping.columns ?? decisions.columns,
  };
}

/** The mapping in force: proposals, overridden by decisions. A column plays one role only. */
export function effectiveMapping(proposed: Record<string, string>, decisions: Decisions): Mapping {
  const decided = Object.entries(decisions.roles);
  const taken = new Set(decided.map(([, column]) => column));
  const free = Object.entries(proposed).filter(([, column]) => !taken.has(column));
  const roles = [...new Map<string, string | null>([...free, ...decided])];
  return {
    roles: Object.fromEntries(roles.filter((entry): entry is [string, string] => entry[1] !== null)),
    columns: decisions.columns,
  };
}

/**
 * What was said of a file's columns, by the dataset's names; other names are remembered for files to come.
 * @param target the dataset's name of a column of the file
 */
export function translatedMapping(
  mapping: GivenMapping | undefined,
  target: (name: string) => string,
): GivenMapping {
  const roles = Object.entries(mapping?.roles ?? {}).map(([role, name]) => [role, target(name)]);
  const columns = Object.entries(mapping?.columns ?? {}).flatMap(([name, { as: _as, ...demand }]) =>
    Object.keys(demand).length === 0 && target(name) !== name ? [] : [[target(name), demand]],
  );
  const used = [...Object.values(mapping?.roles ?? {}), ...Object.keys(mapping?.columns ?? {})];
  const aliases = used.filter((name) => target(name) !== name).map((name) => [name, { as: target(name) }]);
  return { roles: Object.fromEntries(roles), columns: Object.fromEntries([...columns, ...aliases]) };
}

/** @throws Problem invalid_parameter naming every column of the mapping that is not among those of the file */
export function checkMappingNames(mapping: GivenMapping | undefined, names: readonly string[]): void {
  checkNames([...Object.values(mapping?.roles ?? {}), ...Object.keys(mapping?.columns ?? {})], names);
}

/**
 * A dataset's mapping may also have names that its files give columns of the dataset.
 * @throws Problem invalid_parameter naming every column of the mapping that the dataset lacks
 */
export function checkDatasetMapping(mapping: GivenMapping, names: readonly string[]): void {
  const columns = Object.entries(mapping.columns ?? {}).map(([name, demand]) => demand.as ?? name);
  checkNames([...Object.values(mapping.roles ?? {}), ...columns], names);
}

function checkNames(used: readonly string[], names: readonly string[]): void {
  const known = new Set(names);
  const unknown = [...new Set(used.filter((name) => !known.has(name)))];
  if (unknown.length === 0) return;
  throw new Problem(
    'invalid_parameter',
    `mapping: the data has no column ${unknown.map(quoted).join(', ')}.`,
    {
      fields: { mapping: unknown.map((name) => `unknown column ${quoted(name)}`) },
    },
  );
}

/** @throws Problem invalid_parameter where one column is given two roles */
export function checkDistinctRoles(mapping: GivenMapping | undefined): void {
  const columns = Object.values(mapping?.roles ?? {});
  if (new Set(columns).size < columns.length) {
    throw invalidParameter('mapping', 'a column cannot play two roles');
  }
}

const quoted = (name: string): string => JSON.stringify(name);
