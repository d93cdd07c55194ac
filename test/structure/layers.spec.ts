import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { home, sourceFiles, target } from './source-files.js';

/** Lowest first. A lib imports from its own level or below; apps import any lib; nothing imports an app. */
const LEVELS: readonly (readonly string[])[] = [
  ['problems', 'clustering', 'failpoints', 'html', 'api-client'],
  [
    'config',
    'logging',
    'health',
    'database',
    'messaging',
    'storage',
    'cache',
    'metrics',
    'rounds',
    'stream',
    'schedules',
    'archives',
  ],
  [
    'users',
    'customers',
    'stores',
    'audit',
    'tasks',
    'frames',
    'datasets',
    'shopping',
    'reports',
    'sources',
    'notifications',
    'webhooks',
    'report-schedules',
    'inspection',
    'backup',
  ],
];
/** Functions over values: no framework and no input or output. */
const PURE = LEVELS[0] ?? [];
const MAX_LINES = 300;
const GENERATED = 'This file was auto-generated';

const files = sourceFiles('apps', 'libs');
const code = files.filter(({ isTest }) => !isTest);
const libOf = (specifier: string): string | undefined => /^@app\/([^/]+)/.exec(specifier)?.[1];
const levelOf = (lib: string): number => LEVELS.findIndex((level) => level.includes(lib));

/** Every import of code (tests left out) that breaks a rule, as `file → import`. */
function breaches(rule: (lib: string | undefined, specifier: string, path: string) => boolean): string[] {
  return code.flatMap(({ path, imports }) => {
    const lib = path.startsWith('libs/') ? path.split('/')[1] : undefined;
    return imports
      .filter((specifier) => rule(lib, specifier, path))
      .map((specifier) => `${path} → ${specifier}`);
  });
}

describe('the arrows between parts', () => {
  it('finds the code and its imports', () => {
    expect(code.length).toBeGreaterThan(50);
    expect(breaches((lib, specifier) => lib === 'database' && specifier === 'typeorm')).not.toEqual([]);
  });

  it('every lib has a level', () => {
    const libs = new Set(code.flatMap(({ path }) => (path.startsWith('libs/') ? [path.split('/')[1]] : [])));
    expect([...libs].filter((lib) => lib === undefined || levelOf(lib) < 0)).toEqual([]);
  });

  it('lead from a lib to its own level or below', () => {
    const upwards = breaches((lib, specifier) => {
      const other = libOf(specifier);
      return lib !== undefined && other !== undefined && other !== lib && levelOf(other) > levelOf(lib);
    });
    expect(upwards).toEqual([]);
  });

  it('make no circle between libs', () => {
    const uses = new Map<string, Set<string>>();
    for (const { path, imports } of code.filter((file) => file.path.startsWith('libs/'))) {
      const lib = path.split('/')[1] ?? '';
      const others = imports.map(libOf).filter((other) => other !== undefined && other !== lib);
      uses.set(lib, new Set([...(uses.get(lib) ?? []), ...(others as string[])]));
    }
    expect(circles(uses)).toEqual([]);
  });

  it('go through the face of a lib, never past it', () => {
    expect(breaches((_lib, specifier) => /^@app\/[^/]+\//.test(specifier))).toEqual([]);
    const outside = code.flatMap((file) =>
      file.imports
        .filter((specifier) => specifier.startsWith('.') && home(target(file, specifier)) !== home(file.path))
        .map((specifier) => `${file.path} → ${specifier}`),
    );
    expect(outside).toEqual([]);
  });

  it('never lead from the product to its tests', () => {
    const tests = new Set(files.filter(({ isTest }) => isTest).map(({ path }) => path));
    expect(breaches((_lib, specifier, path) => tests.has(target({ path }, specifier)))).toEqual([]);
  });

  it('never lead from a lib to itself by its public name', () => {
    expect(breaches((lib, specifier) => lib !== undefined && libOf(specifier) === lib)).toEqual([]);
  });
});

describe('what only one part knows', () => {
  it('RabbitMQ: messaging', () => {
    const amqp = /^(amqplib|amqp-connection-manager)(\/|$)/;
    expect(breaches((lib, specifier) => lib !== 'messaging' && amqp.test(specifier))).toEqual([]);
  });

  it('the environment: config', () => {
    // The number of native threads is fixed before any program runs; whether it is enough can only be looked up there.
    const other = /\bprocess\.env\b(?!(\.|\['?)UV_THREADPOOL_SIZE\b)/;
    const readers = code.filter(({ path, text }) => !path.startsWith('libs/config/') && other.test(text));
    expect(readers.map(({ path }) => path)).toEqual([]);
  });

  it('how to arm failpoints: tests', () => {
    const arming = code.filter(
      ({ path, text }) => !path.startsWith('libs/failpoints/') && text.includes('armFailpoints'),
    );
    expect(arming.map(({ path }) => path)).toEqual([]);
    const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');
    expect(dockerfile).not.toMatch(/COPY[^\n]*\btest\b/);
  });

  it('Nest: everything but the pure libs', () => {
    const framework = /^(@nestjs\/|typeorm$|mongoose$)/;
    expect(breaches((lib, specifier) => PURE.includes(lib ?? '') && framework.test(specifier))).toEqual([]);
  });
});

describe('files', () => {
  it('that only a thread starts are imported too, or the build would leave them out', () => {
    const imported = new Set(
      code.flatMap((file) => file.imports.map((specifier) => target(file, specifier))),
    );
    const started = code.flatMap((file) =>
      [...file.text.matchAll(/new URL\('(\.[^']+\.js)', import\.meta\.url\)/g)].map(([, specifier = '']) =>
        target(file, specifier),
      ),
    );
    expect(started.length).toBeGreaterThan(0);
    expect(started.filter((path) => !imported.has(path))).toEqual([]);
  });

  it(`have at most ${MAX_LINES} lines`, () => {
    const long = [...files, ...sourceFiles('scripts', 'test')].filter(
      ({ text }) => !text.includes(GENERATED) && text.trimEnd().split('\n').length > MAX_LINES,
    );
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});

describe('package-lock.json', () => {
  interface Locked {
    resolved?: string;
    version?: string;
  }
  const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
    packages: Record<string, Locked>;
  };

  it('holds no addresses to download from, so that any registry serves it', () => {
    const addressed = Object.entries(lock.packages).filter(
      ([, { resolved, version }]) => resolved !== undefined || (version ?? '').includes('://'),
    );
    expect(addressed.map(([name]) => name)).toEqual([]);
  });
});

/** Each circle of a graph once, as `a → b → a`. */
function circles(uses: Map<string, Set<string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (lib: string, path: string[]): void => {
    const start = path.indexOf(lib);
    if (start >= 0) found.push([...path.slice(start), lib].join(' → '));
    if (start >= 0 || done.has(lib)) return;
    for (const other of uses.get(lib) ?? []) walk(other, [...path, lib]);
    done.add(lib);
  };
  for (const lib of uses.keys()) walk(lib, []);
  return found;
}
