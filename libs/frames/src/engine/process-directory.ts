import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { uniqueName } from './unique-name.js';

const PROCESS_DIRECTORY = /^(?<host>[A-Za-z0-9.-]+)_(?<pid>\d+)_[a-z0-9]+$/;
/** Those of this run; others with the same process id are left from before a container's restart. */
const own = new Set<string>();

const host = (): string => hostname().replaceAll(/[^A-Za-z0-9.-]/g, '-') || 'host';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * A private, empty directory of this process below `parent`. Those that killed processes of this host
 * left behind are removed; the name carries the host, as containers may share the volume.
 */
export function processDirectory(parent: string): string {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const found = PROCESS_DIRECTORY.exec(name)?.groups;
    if (found?.host !== host()) continue;
    const path = join(parent, name);
    const pid = Number(found.pid);
    const left = pid === process.pid ? !own.has(path) : !isRunning(pid);
    if (left) rmSync(path, { recursive: true, force: true });
  }
  const directory = join(parent, `${host()}_${process.pid}_${uniqueName('p')}`);
  own.add(directory);
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}
