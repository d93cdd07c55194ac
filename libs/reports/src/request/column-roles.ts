import type { Column } from '@app/frames';
import { invalidParameter, Problem } from '@app/problems';
import {
  DEFAULT_HABITS,
  HABIT_FEATURES,
  HABIT_NAMES,
  type HabitName,
  isAvailable,
  namesOfRole,
  type Role,
} from '@app/shopping';
import type { InputColumn } from './report-input.js';

const NEEDED: readonly Role[] = ['shopperId', 'orderedAt'];

/** Physical columns by role; roles whose column the data no longer has are left out. */
export function physicalRoles(
  columns: readonly Column[],
  roles: Record<string, string>,
): Partial<Record<Role, string>> {
  const physical = new Map(columns.map(({ name, physical }) => [name, physical]));
  return Object.fromEntries(
    Object.entries(roles).flatMap(([role, name]) => {
      const column = physical.get(name);
      return column === undefined ? [] : [[role, column]];
    }),
  );
}

/** @throws Problem unprocessable that names the columns that were looked for and those that are there */
export function requireSalesRoles(
  dataset: string,
  columns: readonly Column[],
  present: Partial<Record<Role, string>>,
): void {
  const missing = NEEDED.filter((role) => present[role] === undefined);
  if (missing.length > 0) throw missingRoles(dataset, missing, columns);
}

export function missingRoles(dataset: string, missing: readonly Role[], columns: readonly Column[]): Problem {
  const looked = missing.map((role) => `${role} (a column such as ${namesOfRole(role).join(', ')})`);
  const there = columns.map(({ name }) => name).join(', ');
  return new Problem(
    'unprocessable',
    `The dataset "${dataset}" has no column for ${looked.join(' and none for ')}. Its columns are ${there}. ` +
      `If one of them is meant, say so in the dataset's mapping.` +
      (missing.includes('orderedAt') ? ' If each row is one shopper, say that its kind is shoppers.' : ''),
    { fields: { mapping: missing.map((role) => `no column for the role ${role}`) } },
  );
}

/**
 * The habits to cluster by: those asked for, else the default ones that every dataset can tell.
 * @param datasets the roles that the columns of each play
 * @throws Problem invalid_parameter for an unknown name, unprocessable where the data lacks what one needs
 */
export function chooseHabits(
  asked: readonly string[] | undefined,
  datasets: readonly ReadonlySet<Role>[],
): HabitName[] {
  const isTold = (name: HabitName): boolean => datasets.every((roles) => isAvailable(name, roles));
  if (asked === undefined) return DEFAULT_HABITS.filter(isTold);
  return asked.map((name) => {
    const known = HABIT_NAMES.find((habit) => habit === name);
    if (known === undefined) {
      throw invalidParameter('features', `${name} is none of ${HABIT_NAMES.join(', ')}`);
    }
    if (!isTold(known)) {
      const needs = HABIT_FEATURES[known].needs.map((set) => set.join(' and ')).join(', or ');
      throw new Problem('unprocessable', `The feature ${known} needs a column for ${needs}.`, {
        fields: { features: [`${known} needs ${needs}`] },
      });
    }
    return known;
  });
}

/**
 * The number columns of a shoppers dataset to cluster by: those asked for, else all but the id.
 * @throws Problem invalid_parameter for a name that is no number column, unprocessable where there is none at all
 */
export function chooseNumbers(
  dataset: string,
  asked: readonly string[] | undefined,
  columns: readonly Column[],
  id: string | undefined,
): { name: string; column: string }[] {
  const numbers = columns.filter(
    ({ type, physical }) => (type === 'integer' || type === 'decimal') && physical !== id,
  );
  if (asked === undefined) {
    if (numbers.length === 0) {
      throw new Problem(
        'unprocessable',
        `The dataset "${dataset}" has no number column to group shoppers by.`,
      );
    }
    return numbers.map(({ name, physical }) => ({ name, column: physical }));
  }
  return asked.map((name) => {
    const column = numbers.find((candidate) => candidate.name === name);
    if (column === undefined) {
      const known = numbers.map(({ name }) => name).join(', ');
      throw invalidParameter('features', `${name} is no number column; there are ${known}`);
    }
    return { name, column: column.physical };
  });
}

/**
 * The columns of a shoppers dataset that are no numbers, and the one to group by whatever it is.
 * @throws Problem invalid_parameter where there is no column to group by of that name
 */
export function chooseTexts(
  columns: readonly Column[],
  id: string | undefined,
  groupBy: string | undefined,
): { name: string; column: string }[] {
  if (groupBy !== undefined && !columns.some(({ name, physical }) => name === groupBy && physical !== id)) {
    throw invalidParameter('groupBy', `there is no column ${groupBy.slice(0, 64)} to group by`);
  }
  return columns
    .filter(
      ({ name, type, physical }) =>
        physical !== id && (name === groupBy || type === 'text' || type === 'boolean'),
    )
    .map(({ name, physical }) => ({ name, column: physical }));
}

/** The columns that every dataset has, by name, in the order of the first. */
export function inAll(datasets: readonly { name: string; column: string }[][]): InputColumn[] {
  const [first = [], ...others] = datasets;
  return first.flatMap(({ name, column }): InputColumn[] => {
    const found = others.flatMap((columns) => columns.find((other) => other.name === name)?.column ?? []);
    return found.length === others.length ? [{ name, columns: [column, ...found] }] : [];
  });
}
