import { Problem } from '@app/problems';
import { dropTables } from '../engine/clean-up.js';
import { physicalName } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';
import type { FindingKind } from '../findings/finding.js';
import { misfit } from '../types/decide-types.js';
import { isFilled } from '../types/staged-table.js';
import type { TypedColumn } from '../types/typed-column.js';
import { VALUE_ANOMALIES } from '../quality/anomaly-types.js';
import type { ValueCheck } from '../quality/value-checks.js';
import type { RepeatedRows } from './repeated-rows.js';
import type { DuplicatePolicy } from './request.js';
import type { StagedFile } from './stage-table.js';

/** Rows of a staged table that something is to be said of. */
export interface FlaggedRows {
  /** Table `r`, `k`, `v`: row, index of `kinds`, value. */
  table: string;
  kinds: FindingKind[];
  /** Rows removed, as a demanded type does not fit or the key is empty. */
  rejected: number;
  duplicates: number;
  /** Of the duplicates, those removed. */
  dropped: number;
  /** Rows whose key a later row has too. */
  repeatedKeys: number;
  count: number;
  drop: () => Promise<void>;
}

export interface RowRules {
  keyColumns: readonly string[];
  duplicates: DuplicatePolicy;
  checks: () => Promise<readonly ValueCheck[]>;
  repeated: RepeatedRows;
}

/** What the values of one column tell. */
interface ColumnRule {
  kind: FindingKind;
  column: TypedColumn;
  /** SQL condition in which the column is called by its physical name. */
  rows: string;
  /** Only the first of the rows is named. */
  once?: boolean | undefined;
}

const DUPLICATE: FindingKind = {
  type: 'duplicate_row',
  column: null,
  message: VALUE_ANOMALIES.duplicate_row,
  rejects: false,
};

const DUPLICATE_KEY: FindingKind = {
  type: 'duplicate_key',
  column: null,
  message: VALUE_ANOMALIES.duplicate_key,
  rejects: false,
};

/**
 * Removes rows whose values do not fit demanded types or whose key is empty, finds rows and keys that occur again,
 * and notes down all that was found.
 */
export async function flagRows(
  staged: StagedFile,
  columns: readonly TypedColumn[],
  rules: RowRules,
): Promise<FlaggedRows> {
  const flags = new Flags(staged);
  try {
    await flags.open();
    return await flags.run(columns, rules);
  } catch (error) {
    await flags.drop();
    throw error;
  }
}

/** Whether {@link flagRows} may remove rows. */
export const mayRemoveRows = (
  columns: readonly TypedColumn[],
  { keyColumns, duplicates }: Pick<RowRules, 'keyColumns' | 'duplicates'>,
): boolean => duplicates === 'drop' || keyColumns.length > 0 || columns.some(({ misfits }) => misfits > 0);

class Flags {
  private readonly table = uniqueName('flagged_');
  private readonly kinds: FindingKind[] = [];

  constructor(private readonly staged: StagedFile) {}

  async open(): Promise<void> {
    await this.staged.connection.run(`CREATE TABLE ${this.table} (r BIGINT, k INTEGER, v VARCHAR)`);
  }

  async drop(): Promise<void> {
    await dropTables(this.staged.connection, this.table);
  }

  async run(
    columns: readonly TypedColumn[],
    { keyColumns, duplicates: policy, checks, repeated }: RowRules,
  ): Promise<FlaggedRows> {
    const { staged, table, kinds } = this;
    const keys = keyColumnsOf(columns, keyColumns);
    const checked = await checks();
    await this.flagValues(refusals(columns, keys), { whole: true });
    const rejected = await this.count('count(DISTINCT r)');
    if (rejected > 0) await staged.remove(`SELECT r FROM ${table}`);
    await this.flagValues([...notesOf(columns), ...checked.map(ruleOf)], { whole: rejected === 0 });

    // Equal rows are rejected all or none, so that of those which are left the first and last are the same.
    const left = rejected > 0 ? `SEMI JOIN ${staged.table} USING (r)` : '';
    const equal = `${await repeated.found()} ${left}`;
    const duplicates = await this.flag(
      DUPLICATE,
      (kind) => `SELECT r, ${kind}, NULL FROM ${equal} WHERE r > first`,
    );
    const dropped = duplicates > 0 && policy === 'drop';
    // Where rows have keys the last of equal rows stays, as the last row of a key counts.
    const superfluous = keys.length > 0 ? 'r < last' : 'r > first';
    if (dropped) await staged.remove(`SELECT r FROM ${equal} WHERE ${superfluous}`);

    // Keys are compared as values, so that 7 and 7.0 are one.
    const values = keys.map(({ expression }) => expression).join(', ');
    const last = `SELECT r, max(r) OVER (PARTITION BY ${values}) AS last FROM ${staged.table}`;
    const repeatedKeys =
      keys.length === 0
        ? 0
        : await this.flag(DUPLICATE_KEY, (kind) => `SELECT r, ${kind}, NULL FROM (${last}) WHERE r < last`);
    return {
      table,
      kinds,
      rejected,
      duplicates,
      dropped: dropped ? duplicates : 0,
      repeatedKeys,
      count: await this.count('count(*)'),
      drop: () => this.drop(),
    };
  }

  /**
   * What holds of a value is asked once of those that were counted, by all rules of a column in one pass over its rows.
   * @param whole true where no rows were taken out
   */
  private async flagValues(rules: readonly ColumnRule[], { whole }: { whole: boolean }): Promise<void> {
    const { counted, table } = this.staged;
    const together = new Map<number, string[]>();
    for (const { kind, column, rows, once = false } of rules) {
      const { physical, index } = column;
      const number = this.kinds.push(kind) - 1;
      const values = counted?.get(index);
      const first = once ? 'ORDER BY r LIMIT 1' : '';
      const met = `SELECT ${physical} AS met, ${number} AS k FROM ${values} WHERE ${rows}`;
      if (values === undefined) {
        await this.insert(`SELECT r, ${number}, ${physical} FROM ${table} WHERE ${rows} ${first}`);
      } else if (once && whole) {
        await this.insert(
          `SELECT first, ${number}, ${physical} FROM ${values} WHERE ${rows} ORDER BY first LIMIT 1`,
        );
      } else if (once) await this.insert(`${havingMet(table, physical, [met])} ${first}`);
      else together.set(index, [...(together.get(index) ?? []), met]);
    }
    for (const [index, met] of together) await this.insert(havingMet(table, physicalName(index), met));
  }

  /** @returns how many rows `select` answers */
  private async flag(kind: FindingKind, select: (kind: number) => string): Promise<number> {
    return this.insert(select(this.kinds.push(kind) - 1));
  }

  private async insert(select: string): Promise<number> {
    const reader = await this.staged.connection.runAndReadAll(`INSERT INTO ${this.table} ${select}`);
    return Number(reader.getRows()[0]?.[0] ?? 0);
  }

  private async count(aggregate: string): Promise<number> {
    const reader = await this.staged.connection.runAndReadAll(`SELECT ${aggregate} FROM ${this.table}`);
    return Number(reader.getRows()[0]?.[0]);
  }
}

/** The rows whose value of a column is one of those that some selects `met`, `k` answer. */
const havingMet = (table: string, column: string, selects: readonly string[]): string =>
  `SELECT r, k, ${column} FROM ${table} JOIN (${selects.join(' UNION ALL ')}) ON ${column} IS NOT DISTINCT FROM met`;

/** What rejects a row: values that do not fit, empty keys. */
const refusals = (columns: readonly TypedColumn[], keys: readonly TypedColumn[]): ColumnRule[] => [
  ...columns
    .filter(({ misfits }) => misfits > 0)
    .map((column): ColumnRule => ({
      kind: {
        type: 'bad_cast',
        column: column.name,
        message: `The value is no ${column.type}, as is demanded of this column.`,
        rejects: true,
      },
      column,
      rows: misfit(column),
    })),
  ...keys.map((column): ColumnRule => ({
    kind: { type: 'empty_key', column: column.name, message: VALUE_ANOMALIES.empty_key, rejects: true },
    column,
    rows: `NOT coalesce(${isFilled(column.physical)}, false)`,
  })),
];

/** One finding a column, on the first row it concerns. */
const notesOf = (columns: readonly TypedColumn[]): ColumnRule[] =>
  columns.flatMap((column) =>
    column.notes.map(({ type, message, concerns }) => ({
      kind: { type, column: column.name, message, rejects: false },
      column,
      rows: concerns,
      once: true,
    })),
  );

const ruleOf = ({ type, column, message, rows, once }: ValueCheck): ColumnRule => ({
  kind: { type, column: column.name, message, rejects: false },
  column,
  rows,
  once,
});

function keyColumnsOf(columns: readonly TypedColumn[], names: readonly string[]): TypedColumn[] {
  return names.map((name) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (column === undefined) {
      throw new Problem(
        'unprocessable',
        `The file has no column ${JSON.stringify(name)}, which is part of the key.`,
      );
    }
    return column;
  });
}
