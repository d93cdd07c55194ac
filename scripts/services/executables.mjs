import fs from 'node:fs';
import path from 'node:path';

// Daemons often live where an ordinary user's PATH does not look.
const FURTHER_DIRECTORIES = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin', '/opt/homebrew/sbin'];

/**
 * @param {string} name
 * @returns {string | undefined} the path of an installed program
 */
export function findExecutable(name) {
  return [...(process.env.PATH ?? '').split(path.delimiter), ...FURTHER_DIRECTORIES]
    .map((directory) => path.join(directory, name))
    .find((file) => fs.existsSync(file));
}
