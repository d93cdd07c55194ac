import type { GivenMapping } from '../column-mapping.js';
import { type ColumnDrift, DriftProblem, quoted } from './column-drift.js';
import { plainName } from './plain-name.js';

export interface Expectations {
  /** Names of the dataset's columns. */
  existing: readonly string[];
  /** What was said with this file. */
  given: GivenMapping;
  /** What was said of the columns of this and other files before. */
  remembered: NonNullable<GivenMapping['columns']>;
  /** Role → column of the dataset. */
  roles: Readonly<Record<string, string>>;
  /** Names, in the file or the dataset, of the columns of the upload's key. */
  keyColumns: readonly string[];
}

export interface MatchedColumns {
  /** The dataset's name of each column of the file, in its order; its own name where the dataset has none. */
  names: string[];
  drift: ColumnDrift[];
}

/**
 * Finds the dataset's column for every column of a file: by its name, by what was said with this or an earlier file,
 * or by a name that differs in case, spaces and punctuation alone.
 * @throws DriftProblem where a column is missing that has a role, is in the key, or may be one of those that are new
 */
export function matchColumns(file: readonly string[], expected: Expectations): MatchedColumns {
  const existing = new Set(expected.existing);
  if (existing.size === 0) return { names: [...file], drift: [] };
  const inFile = new Set(file);
  const absent = new Set(expected.existing.filter((name) => !inFile.has(name)));
  const drift: ColumnDrift[] = [];
  const names = file.map((name) => {
    const found = existing.has(name) ? undefined : otherName(name, absent, expected);
    if (found === undefined) return name;
    absent.delete(found.target);
    drift.push({
      column: found.target,
      change: 'renamed',
      detail: `The file calls it ${quoted(name)}, ${found.why}.`,
    });
    return found.target;
  });
  const extra = names.filter((name) => !existing.has(name));
  drift.push(
    ...extra.map((column): ColumnDrift => ({
      column,
      change: 'extra',
      detail: 'It is new in this file; rows of earlier files have no value there.',
    })),
    ...[...absent].map((column): ColumnDrift => ({
      column,
      change: 'missing',
      detail: 'The file lacks it; its rows have no value there.',
    })),
  );
  if (isRefused(extra, absent, names, file, expected)) throw new DriftProblem(drift);
  return { names, drift };
}

function otherName(
  name: string,
  absent: ReadonlySet<string>,
  { given, remembered, roles }: Expectations,
): { target: string; why: string } | undefined {
  const said = given.columns?.[name]?.as ?? remembered[name]?.as;
  if (said !== undefined) {
    if (absent.has(said)) return { target: said, why: 'as the mapping says' };
    if (given.columns?.[name]?.as !== undefined) throw notAColumn(name, said);
  }
  const [role] = Object.entries(given.roles ?? {}).find(([, column]) => column === name) ?? [];
  const player = role === undefined ? undefined : roles[role];
  if (player !== undefined && absent.has(player)) {
    return { target: player, why: `which the mapping gives the same role, ${String(role)}` };
  }
  const alike = [...absent].filter(
    (candidate) => plainName(candidate) === plainName(name) && plainName(name) !== '',
  );
  const [only] = alike;
  return only === undefined || alike.length > 1
    ? undefined
    : { target: only, why: 'which differs in case, spaces or punctuation alone' };
}

/** A column that is missing may be one that is new, and rows without a role or key would be silently wrong. */
function isRefused(
  extra: readonly string[],
  absent: ReadonlySet<string>,
  names: readonly string[],
  file: readonly string[],
  { given, remembered, roles, keyColumns, existing }: Expectations,
): boolean {
  const said = new Set([
    ...Object.keys(given.columns ?? {}),
    ...Object.values(given.roles ?? {}),
    ...Object.keys(remembered),
  ]);
  const unexplained = extra.some((name) => !said.has(name));
  const keys = keyColumns.map((name) => names[file.indexOf(name)] ?? name);
  return (
    (absent.size > 0 && unexplained) ||
    Object.values(roles).some((column) => absent.has(column)) ||
    keys.some((name) => !existing.includes(name))
  );
}

const notAColumn = (name: string, target: string): DriftProblem =>
  new DriftProblem([
    {
      column: target,
      change: 'renamed',
      detail: `The mapping calls ${quoted(name)} so, but the dataset has no such column, or the file has it too.`,
    },
  ]);
