import { type EntityManager, IsNull, Not } from 'typeorm';
import type { Decisions, GivenMapping } from '../column-mapping.js';
import { DatasetEntity } from '../dataset.entity.js';
import { plainName } from '../drift/plain-name.js';

/** Decisions that are looked at, the latest first. */
const MOST = 100;

/** What people said of columns in other datasets of a dataset's store, deleted ones too; the latest word first. */
export async function storeMemory(
  manager: EntityManager,
  { id, customerId, storeId }: Pick<DatasetEntity, 'id' | 'customerId' | 'storeId'>,
): Promise<Decisions[]> {
  if (storeId === null) return [];
  const datasets = await manager.find(DatasetEntity, {
    // A mapping under which nothing was ever read may be a mistake.
    where: { customerId, storeId, id: Not(id), visibleSetId: Not(IsNull()) },
    select: { id: true, decisions: true },
    order: { updatedAt: 'DESC', id: 'DESC' },
    take: MOST,
  });
  return datasets.map(({ decisions }) => decisions);
}

/**
 * What a store remembers of a file's columns, by the names that the file has. A role that was taken away is remembered
 * only of a file that has every column which was named together with that.
 */
export function rememberedOf(file: readonly string[], memory: readonly Decisions[]): Remembered {
  const remembered: Remembered = { roles: {}, columns: {} };
  for (const decisions of memory) {
    const said = Object.entries(decisions.roles).filter(([role]) => !decisions.remembered?.includes(role));
    const named = said.flatMap(([, column]) => column ?? []);
    const isSameFile = named.length > 0 && named.every((column) => columnLike(column, file) !== undefined);
    for (const [role, column] of said) {
      if (role in remembered.roles) continue;
      const found = column === null ? null : columnLike(column, file);
      if (found === undefined || (found === null && !isSameFile)) continue;
      if (found !== null && Object.values(remembered.roles).includes(found)) continue;
      remembered.roles[role] = found;
    }
    for (const [name, { as: _as, ...demand }] of Object.entries(decisions.columns)) {
      const found = columnLike(name, file);
      if (found === undefined || found in remembered.columns || Object.keys(demand).length === 0) continue;
      remembered.columns[found] = demand;
    }
  }
  return remembered;
}

export interface Remembered {
  /** Null = the role is to be played by none. */
  roles: Record<string, string | null>;
  columns: NonNullable<GivenMapping['columns']>;
}

/** Decisions with what is remembered below them: it counts only where they are silent. */
export function withRemembered(decisions: Decisions, { roles, columns }: Remembered): Decisions {
  const taken = new Set(Object.values(decisions.roles));
  const added = Object.entries(roles).filter(
    ([role, column]) => !(role in decisions.roles) && (column === null || !taken.has(column)),
  );
  if (added.length === 0 && Object.keys(columns).length === 0) return decisions;
  return {
    ...decisions,
    roles: { ...Object.fromEntries(added), ...decisions.roles },
    columns: { ...columns, ...decisions.columns },
    remembered: [...(decisions.remembered ?? []), ...added.map(([role]) => role)],
  };
}

/** The file's column of that name, else the only one that differs in case, spaces and punctuation alone. */
function columnLike(name: string, file: readonly string[]): string | undefined {
  if (file.includes(name)) return name;
  const plain = plainName(name);
  const alike = plain === '' ? [] : file.filter((candidate) => plainName(candidate) === plain);
  return alike.length === 1 ? alike[0] : undefined;
}
