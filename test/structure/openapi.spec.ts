import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('openapi.json is what the code says (after a wanted change: npm run openapi)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-'));
  try {
    const generated = join(directory, 'openapi.json');
    execFileSync(process.execPath, ['dist/apps/api/src/commands/write-openapi.js', generated]);
    expect(readFileSync('openapi.json', 'utf8')).toBe(readFileSync(generated, 'utf8'));
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('the client is made from openapi.json as it is (after a wanted change: npm run openapi)', () => {
  const generate = ['openapi.json', '-o', 'libs/api-client/src/schema.ts', '--check'];
  expect(() =>
    execFileSync('node_modules/.bin/openapi-typescript', generate, { stdio: 'pipe' }),
  ).not.toThrow();
});

interface Operation {
  summary?: string;
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
}

test('every operation has a summary, a success answer and the problem answer', () => {
  const document = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const faults: string[] = [];
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const name = `${method.toUpperCase()} ${path}`;
      const success = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
      if (operation.summary === undefined || operation.summary === '') faults.push(`${name}: no summary`);
      if (success.length === 0) faults.push(`${name}: no success answer`);
      for (const [status, response] of success) {
        if (status !== '204' && response.content === undefined)
          faults.push(`${name}: ${status} has no schema`);
      }
      if (operation.responses['default'] === undefined) faults.push(`${name}: no problem answer`);
    }
  }
  expect(faults).toEqual([]);
});
