import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const { compilerOptions } = JSON.parse(readFileSync(new URL('./tsconfig.json', import.meta.url), 'utf8')) as {
  compilerOptions: { paths: Record<string, [string]> };
};

/** Each `@app/x` of tsconfig.json, as the file that `rewrite` makes of its source path. */
const aliases = (rewrite: (source: string) => string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(compilerOptions.paths).map(([name, [source]]) => [
      name,
      fileURLToPath(new URL(rewrite(source), import.meta.url)),
    ]),
  );

const source = aliases((path) => path);
// Integration tests use the built code: worker threads and decorators then run as in production.
const built = {
  ...aliases((path) => path.replace('./libs/', './dist/libs/').replace(/\.ts$/, '.js')),
  // No app of Nest's uses it, hence it is not built with them.
  '@app/api-client': source['@app/api-client'] ?? '',
};

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias: source },
        test: {
          name: 'unit',
          include: ['{apps,libs}/**/*.spec.ts', 'test/structure/**/*.spec.ts'],
          exclude: ['**/*.integration.spec.ts', '**/node_modules/**', 'dist/**'],
          testTimeout: 30_000,
        },
      },
      {
        resolve: { alias: built },
        test: {
          name: 'integration',
          include: ['{apps,libs,test/integration}/**/*.integration.spec.ts'],
          exclude: ['**/node_modules/**', 'dist/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        resolve: { alias: built },
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.spec.ts'],
          // The full profile kills something two hundred times in one test.
          testTimeout: process.env['CHAOS_PROFILE'] === undefined ? 240_000 : 5_400_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        resolve: { alias: built },
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.spec.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        resolve: { alias: built },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.spec.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
