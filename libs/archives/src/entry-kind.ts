import { basename, extname } from 'node:path/posix';

export type EntryKind = 'table' | 'image' | 'archive' | 'other';

const IMAGES = ['.png', '.jpg', '.jpeg', '.gif', '.webp'];
const ARCHIVES = ['.zip', '.gz', '.tgz', '.tar', '.bz2', '.xz', '.zst', '.7z', '.rar', '.jar'];

/** What a file is by its name; what operating systems put beside files of people is of no interest. */
export function entryKind(name: string): EntryKind {
  const base = basename(name);
  if (name.split('/').includes('__MACOSX') || base.startsWith('.')) return 'other';
  const extension = extname(base).toLowerCase();
  if (extension === '.csv') return 'table';
  if (IMAGES.includes(extension)) return 'image';
  return ARCHIVES.includes(extension) ? 'archive' : 'other';
}

/** A file's name without folders and extension, such as `1006` of `people/1006.png`. */
export const stemOf = (name: string): string => basename(name, extname(name));
