import { type Column, type Mapping, type ReviewedColumn, ROLE_DEMANDS } from '@app/frames';
import { commonType } from '../fold/column-union.js';
import type { ColumnDrift } from './column-drift.js';

export interface TypeExpectations {
  existing: readonly Column[];
  /** In force for the file, by the dataset's names. */
  mapping: Mapping;
}

export interface TypeDrift {
  drift: ColumnDrift[];
  /** True where the file is not to be loaded. */
  refused: boolean;
}

/** How the types of a file's columns differ from those the dataset has. */
export function typeDrift(
  reviewed: readonly ReviewedColumn[],
  { existing, mapping }: TypeExpectations,
): TypeDrift {
  const known = new Map(existing.map((column) => [column.name, column]));
  const demanding = new Set(
    Object.entries(mapping.roles)
      .filter(([role]) => role in ROLE_DEMANDS)
      .map(([, column]) => column),
  );
  const drift: ColumnDrift[] = [];
  let refused = false;
  for (const { name: column, type, values, misfits } of reviewed) {
    const bound = known.get(column)?.type;
    if (bound === undefined) continue;
    if (misfits > 0) {
      const what = `${misfits} of ${values} values are no ${type}`;
      drift.push({
        column,
        change: 'retyped',
        detail: `The dataset has ${bound}; ${what}${misfits < values ? ' and are rejected' : ''}.`,
      });
      refused ||= misfits === values;
      continue;
    }
    const common = commonType(bound, type);
    if (common === bound) continue;
    const asked = mapping.columns[column]?.type === 'text';
    const isWide = common !== 'text' || (asked && !demanding.has(column));
    drift.push({
      column,
      change: isWide ? 'widened' : 'retyped',
      detail: widening(bound, type, common, asked, isWide),
    });
    refused ||= !isWide;
  }
  return { drift, refused };
}

function widening(bound: string, type: string, common: string, asked: boolean, isWide: boolean): string {
  if (isWide)
    return `${bound} → ${common}, as ${asked ? 'the mapping demands' : `values of this file are ${type}`}.`;
  if (asked) return `It plays a role that needs ${bound}, so it cannot become text.`;
  return `The dataset has ${bound}, this file ${type}; only text holds both, and that is to be asked for by mapping.columns.`;
}
