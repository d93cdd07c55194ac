import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus, startSystem, type System } from './harness/index.js';
import { retailSample } from './harness/uploads.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PACKAGE = join(ROOT, 'dist/packages/api-client');

let system: System;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'datacore-programs-'));
  writeFileSync(join(directory, 'sales.csv'), retailSample().csv);
  system = await startSystem({ workers: 1 });
  await run(process.execPath, ['scripts/client.mjs'], { cwd: ROOT });
});
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await system.stop();
});

/** What a program of a customer of its own is started with. */
async function environment(): Promise<NodeJS.ProcessEnv> {
  const { customerId, owner } = await system.make.tenant();
  const key = await owner.api.post('/api-keys', { customerId, role: 'analyst', name: 'Program' });
  return {
    PATH: process.env['PATH'],
    HOME: directory,
    DATACORE_URL: system.baseUrl,
    DATACORE_KEY: expectStatus(key, 201).key,
  };
}

function shoppersIn(file: string): number {
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  expect(header).toContain('segment');
  return lines.length;
}

it('the client packs to what belongs in it, and names what it needs', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: PACKAGE });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']),
  );
  expect(
    paths.filter((path) => !/^(dist\/[\w-]+\.(js|d\.ts)|LICENSE|README\.md|package\.json)$/.test(path)),
  ).toEqual([]);
  const { dependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const root = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  expect(dependencies).toEqual({ 'openapi-fetch': root.devDependencies['openapi-fetch'] });
});

it('the example program uploads, waits and downloads the segments with the packed client', async () => {
  const modules = join(directory, 'node_modules');
  mkdirSync(join(modules, '@datacore'), { recursive: true });
  cpSync(PACKAGE, join(modules, '@datacore/api-client'), { recursive: true });
  for (const name of ['openapi-fetch', 'openapi-typescript-helpers']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  const program = join(directory, 'segments.mjs');
  cpSync(join(ROOT, 'examples/segments.mjs'), program);
  const output = join(directory, 'by-program.csv');
  const { stdout } = await run(process.execPath, [program, join(directory, 'sales.csv'), output], {
    env: await environment(),
  });
  expect(stdout).toMatch(/shoppers\. .+\n(?:.*\n)*Upload .+, report .+: every shopper is in/);
  expect(shoppersIn(output)).toBeGreaterThan(10);
});

it('the curl script of the documentation does the same in ten lines', async () => {
  const page = readFileSync(join(ROOT, 'docs/programs.md'), 'utf8');
  const [, script] = /```sh\n(#!\/usr\/bin\/env bash\n[^`]+)```/.exec(page) ?? [];
  if (script === undefined) throw new Error('the page has no script');
  const [, ...lines] = script.trim().split('\n');
  expect(lines.length).toBeLessThanOrEqual(10);
  const file = join(directory, 'segments.sh');
  writeFileSync(file, script);
  const output = join(directory, 'by-curl.csv');
  await run('bash', [file, join(directory, 'sales.csv'), output], { env: await environment() });
  expect(shoppersIn(output)).toBeGreaterThan(10);
});
