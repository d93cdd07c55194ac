import { resolve } from 'node:path';

/** The one parameter of a command, or the end of the process with a word on how it is called. */
export function onlyDirectory(command: string): string {
  const [directory, ...rest] = process.argv.slice(2);
  if (directory === undefined || directory.startsWith('-') || rest.length > 0) {
    process.stderr.write(`usage: ${command} <directory>\n`);
    process.exit(2);
  }
  return resolve(directory);
}
