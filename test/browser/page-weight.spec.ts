import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const BUILT = fileURLToPath(new URL('../../dist/apps/dashboard/', import.meta.url));
const MOST_SCRIPT_BYTES = 300_000;

it('starts with less than 300 kB of JavaScript, charts not among it', () => {
  const html = readFileSync(`${BUILT}index.html`, 'utf8');
  const scripts = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path ?? '');
  const bytes = scripts.map((path) => gzipSync(readFileSync(BUILT + path)).length);
  expect(scripts.length).toBeGreaterThan(1);
  expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(MOST_SCRIPT_BYTES);
  const charts = readdirSync(`${BUILT}assets`).filter((name) => /chart/i.test(name) && name.endsWith('.js'));
  expect(charts.length).toBeGreaterThan(0);
  for (const name of charts) expect(html).not.toContain(name);
});
