import { copyFile, link } from 'node:fs/promises';

/** Gives DuckDB, which reads only its own directories, a file that stays where it is. @returns `target` */
export async function linkInto(target: string, path: string): Promise<string> {
  await link(path, target).catch(() => copyFile(path, target));
  return target;
}
