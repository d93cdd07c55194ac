import type { Column, VisibleSet } from '@app/frames';

/** Several visible sets as one, so that they are read together; and how to tell them apart again. */
export interface OneVisibleSet {
  visible: VisibleSet;
  /** From the relation of `visible`: one for each set, with its own columns under their own names. */
  relationsOf: (relation: string) => string[];
}

/** Puts the sets side by side: the columns of each are columns of their own, its uploads have ordinals of their own. */
export function oneVisibleSet(sets: readonly VisibleSet[]): OneVisibleSet {
  const [first] = sets;
  if (first === undefined) throw new RangeError('There is no data to read.');
  if (sets.length === 1) return { visible: first, relationsOf: (relation) => [relation] };
  const columns: Column[] = [];
  const uploads: VisibleSet['uploads'] = [];
  const selects: string[] = [];
  sets.forEach((set, index) => {
    const rename = (name: string): string => `${index}:${name}`;
    const own = set.columns.map((column, position) => ({
      ...column,
      name: rename(column.name),
      physical: `c${columns.length + position}` as const,
    }));
    const ordinals = set.uploads.map((upload, position) => {
      const ordinal = uploads.length + position + 1;
      return {
        ...upload,
        ordinal,
        columns: upload.columns.map((column) => ({ ...column, name: rename(column.name) })),
      };
    });
    const renamed = own.map(({ physical }, position) => `${physical} AS ${set.columns[position]?.physical}`);
    const from = uploads.length + 1;
    selects.push(
      `SELECT ${['upload', 'n', ...renamed].join(', ')} FROM {relation} WHERE upload BETWEEN ${from} AND ${from + ordinals.length - 1}`,
    );
    columns.push(...own);
    uploads.push(...ordinals);
  });
  return {
    visible: {
      ...first,
      columns,
      uploads,
      rowCount: sets.reduce((sum, { rowCount }) => sum + rowCount, 0),
    },
    relationsOf: (relation) => selects.map((select) => `(${select.replace('{relation}', () => relation)})`),
  };
}
