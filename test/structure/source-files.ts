import { readdirSync, readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface SourceFile {
  /** From the root of the project, with `/`. */
  path: string;
  text: string;
  /** A test, or what only tests use. */
  isTest: boolean;
  /** What its import and export statements name, in order. */
  imports: string[];
}

/** TypeScript and JavaScript below these directories of the project. */
export function sourceFiles(...directories: string[]): SourceFile[] {
  return directories.flatMap((directory) => {
    const base = resolve(ROOT, directory);
    return readdirSync(base, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
      .map((entry) => read(resolve(entry.parentPath, entry.name)))
      .filter(({ path }) => !path.startsWith('test/fixtures/') && !path.includes('/node_modules/'));
  });
}

/** The root of the app or lib a file belongs to: `apps/api`, `libs/frames`. */
export function home(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

/** Where a relative import leads, from the root of the project. */
export function target(file: { path: string }, specifier: string): string {
  return toPath(resolve(ROOT, file.path, '..', specifier)).replace(/\.js$/, '.ts');
}

function read(file: string): SourceFile {
  const text = readFileSync(file, 'utf8');
  const imports = [
    ...text.matchAll(/^\s*(?:import|export)\b[^;'"]*?['"]([^'"]+)['"]|\bimport\(\s*'([^']+)'/gm),
  ];
  return {
    path: toPath(file),
    text,
    isTest: file.endsWith('.spec.ts') || /\/(fixtures|test)\//.test(toPath(file)),
    imports: imports.flatMap(([, plain, dynamic]) => plain ?? dynamic ?? []),
  };
}

function toPath(file: string): string {
  return relative(ROOT, file).split(sep).join('/');
}
