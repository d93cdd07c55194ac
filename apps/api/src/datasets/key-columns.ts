import { hasKey } from '@app/datasets';
import { invalidParameter } from '@app/problems';
import { z } from 'zod';
import type { uploadFields } from '../uploads/upload-form.js';
import { columnNames } from './rows-query.js';

/**
 * The columns of the key, given as JSON array of names or as comma-separated list.
 * @throws Problem invalid_parameter where the mode asks for them and they are missing, where it does not, and for
 * columns that the file lacks
 */
export function keyColumnsOf(
  { mode, keyColumns }: Pick<z.infer<typeof uploadFields>, 'mode' | 'keyColumns'>,
  names: readonly string[],
): string[] {
  if (!hasKey(mode)) {
    if (keyColumns === undefined) return [];
    throw invalidParameter('keyColumns', 'only upsert and mirror have a key');
  }
  const known = new Set(names);
  const keys = [...new Set(keyColumns === undefined ? [] : namesIn(keyColumns, known))];
  if (keys.length === 0) throw invalidParameter('keyColumns', `${mode} needs the columns of a key`);
  const unknown = keys.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    const quoted = unknown.map((name) => JSON.stringify(name)).join(', ');
    throw invalidParameter('keyColumns', `the file has no column ${quoted}`);
  }
  return keys;
}

function namesIn(given: string, known: ReadonlySet<string>): string[] {
  if (!given.startsWith('[') || known.has(given)) return columnNames(given, known);
  try {
    return z.array(z.string()).parse(JSON.parse(given));
  } catch {
    throw invalidParameter('keyColumns', 'neither a JSON array of names nor a comma-separated list');
  }
}
