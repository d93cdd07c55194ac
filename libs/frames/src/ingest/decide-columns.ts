import type { DuckDBValue } from '@duckdb/node-api';
import { decideTypes, evidenceOf } from '../types/decide-types.js';
import { type ObservedColumn, observeColumns } from '../types/observe-columns.js';
import type { TypedColumn } from '../types/typed-column.js';
import { directivesOf, rolesOf } from './directives.js';
import type { PreparedSource } from './prepare-source.js';
import type { IngestRequest } from './request.js';
import type { StagedFile } from './stage-table.js';

/** Types and roles: the values decide, then roles are proposed, then what the roles demand decides. */
export async function decideColumns(
  request: IngestRequest,
  { names }: PreparedSource,
  file: StagedFile,
): Promise<{ columns: TypedColumn[]; roles: Record<string, string>; observed: ObservedColumn[] }> {
  const { mapping = {}, existingColumns: existing = [], overrides = {}, timezone = 'UTC' } = request;
  const sources = { names, mapping, existing, overrides };
  // What roles demand is mostly what the values had said already.
  const staged = { ...file, answers: new Map<string, DuckDBValue[]>() };
  const observed = await observeColumns(staged);
  const first = directivesOf(sources, {});
  const columns = await decideTypes(staged, observed, first, timezone);
  const evidence = observed.map((column, index) =>
    evidenceOf(column, columns[index] as TypedColumn, staged.rows),
  );
  const roles = rolesOf(mapping.roles ?? {}, request.decideRoles?.(evidence) ?? {}, evidence);
  const demanded = directivesOf(sources, roles);
  const same = names.every((name) => demanded.get(name)?.kind === first.get(name)?.kind);
  const decided = same ? columns : await decideTypes(staged, observed, demanded, timezone);
  request.review?.(
    decided.map(({ name, type, misfits, index }) => ({
      name,
      type,
      values: observed.find((column) => column.index === index)?.values ?? 0,
      misfits,
    })),
  );
  return { columns: decided, roles, observed };
}
