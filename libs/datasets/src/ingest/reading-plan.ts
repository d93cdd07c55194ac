import type {
  Column,
  ColumnEvidence,
  DialectOverrides,
  IngestRequest,
  Mapping,
  ReadingSchema,
  ReviewedColumn,
} from '@app/frames';
import { resolveRoles } from '@app/shopping';
import {
  type Decisions,
  effectiveMapping,
  type GivenMapping,
  translatedMapping,
  withMapping,
} from '../column-mapping.js';
import { type ColumnDrift, DriftProblem } from '../drift/column-drift.js';
import { matchColumns } from '../drift/match-columns.js';
import { typeDrift } from '../drift/type-drift.js';
import { commonType } from '../fold/column-union.js';
import { type Remembered, rememberedOf, withRemembered } from '../memory/store-memory.js';
import type { UploadEntity } from '../upload.entity.js';

/** What the other uploads of a dataset and its people say of its columns. */
export interface KnownTable {
  decisions: Decisions;
  /** Decisions of other datasets of the store, the latest first. */
  memory?: readonly Decisions[];
  /** Role → column, as the other uploads had them. */
  roles: Record<string, string>;
  columns: Column[];
}

export type ReadUpload = Pick<UploadEntity, 'mode' | 'options' | 'keyColumns'>;

/**
 * How a file is to be read, from what was decided and from what the dataset holds already. Made for one reading: it
 * remembers what that shows. A replacing upload starts afresh: neither the columns nor the proposed roles of the rows it
 * hides bind it, only what people decided does.
 */
export class ReadingPlan {
  /** How the file differs from the dataset, as far as it was read. */
  drift: ColumnDrift[] = [];
  /** What the store remembers of the columns of a dataset's first file. */
  remembered: Remembered = { roles: {}, columns: {} };
  /** What was said with the file, by the dataset's names. */
  said: GivenMapping = {};
  /** By the dataset's names. */
  keyColumns: string[] = [];
  private fileNames: readonly string[] = [];
  private names: readonly string[] = [];
  private mapping: Mapping = { roles: {}, columns: {} };
  private reviewed: ReviewedColumn[] = [];
  private readonly existing: Column[];
  private readonly roles: Record<string, string>;

  constructor(
    private readonly upload: ReadUpload,
    private readonly known: KnownTable,
  ) {
    const replacing = upload.mode === 'replace';
    this.existing = replacing ? [] : known.columns;
    this.roles = replacing ? {} : known.roles;
  }

  get request(): Pick<IngestRequest, 'overrides' | 'schema'> {
    const { mapping: _mapping, ...overrides } = this.upload.options;
    return { overrides: overrides satisfies DialectOverrides, schema: (names) => this.schema(names) };
  }

  /** @throws DriftProblem */
  schema(fileNames: readonly string[]): ReadingSchema {
    const { options, keyColumns } = this.upload;
    const inForce = effectiveMapping(this.roles, this.known.decisions).roles;
    const { names, drift } = this.noting(() =>
      matchColumns(fileNames, {
        existing: this.existing.map(({ name }) => name),
        given: options.mapping ?? {},
        remembered: this.known.decisions.columns,
        roles: Object.fromEntries(
          Object.entries(inForce).filter(([, column]) => this.existing.some(({ name }) => name === column)),
        ),
        keyColumns,
      }),
    );
    const target = (name: string): string => names[fileNames.indexOf(name)] ?? name;
    this.drift = drift;
    this.said = translatedMapping(options.mapping, target);
    this.keyColumns = keyColumns.map(target);
    this.fileNames = fileNames;
    this.names = names;
    this.remembered = rememberedOf(names, this.existing.length === 0 ? (this.known.memory ?? []) : []);
    const decisions = this.decided(this.known.decisions);
    const takenAway = Object.keys(decisions.roles).filter((role) => decisions.roles[role] === null);
    this.mapping = effectiveMapping(this.roles, decisions);
    return {
      names,
      mapping: this.mapping,
      existingColumns: this.existing.length === 0 ? undefined : this.existing,
      keyColumns: this.keyColumns,
      decideRoles: (evidence) => proposals(evidence, this.mapping.roles, takenAway),
      review: (columns) => this.review(columns),
    };
  }

  /**
   * For a dataset that got other columns while the file was being read.
   * @returns the plan by which it would be read now
   * @throws DriftProblem; Error, for another attempt, where the file would be read differently
   */
  againstNow(known: KnownTable): ReadingPlan {
    const now = new ReadingPlan(this.upload, known);
    now.schema(this.fileNames);
    now.remembered = this.remembered;
    const types = new Map(now.existing.map(({ name, type }) => [name, type]));
    const differs = this.reviewed.some(({ name, type }) => {
      const bound = types.get(name);
      if (bound === undefined || bound === type || now.mapping.columns[name]?.type === 'text') return false;
      return commonType(bound, type) === 'text';
    });
    if (differs || now.names.some((name, index) => name !== this.names[index])) {
      throw new Error('The columns of the dataset changed while the file was being read.');
    }
    now.review(this.reviewed);
    return now;
  }

  /** Decisions with what the store remembers and what was said with the file. */
  decided(decisions: Decisions): Decisions {
    return withRemembered(withMapping(decisions, this.said), this.remembered);
  }

  private review(columns: readonly ReviewedColumn[]): void {
    this.reviewed = [...columns];
    const { drift, refused } = typeDrift(columns, { existing: this.existing, mapping: this.mapping });
    this.drift = [...this.drift, ...drift];
    if (refused) throw new DriftProblem(this.drift);
  }

  private noting<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof DriftProblem) this.drift = [...error.drift];
      throw error;
    }
  }
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
