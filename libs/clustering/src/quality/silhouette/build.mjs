// Compiles distances.as into module.ts. Run it after every change of distances.as:
//   npx --package assemblyscript@0.28.20 node libs/clustering/src/quality/silhouette/build.mjs
// The compiler is not a dependency of the project: it is needed only here, and weighs 100 MB.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const source = join(here, 'distances.as');
const directory = mkdtempSync(join(tmpdir(), 'distances-'));
try {
  copyFileSync(source, join(directory, 'distances.ts'));
  const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'threads'];
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
  execFileSync('asc', ['distances.ts', ...flags, ...memory, '--outFile', 'distances.wasm'], {
    cwd: directory,
    stdio: 'inherit',
  });
  const compiled = readFileSync(join(directory, 'distances.wasm')).toString('base64');
  const lines = compiled.match(/.{1,96}/g) ?? [];
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex');
  writeFileSync(
    join(here, 'module.ts'),
    `// Written by build.mjs from distances.as; do not edit.\n\n` +
      `/** SHA-256 of the distances.as that this module was compiled from. */\n` +
      `export const DISTANCES_SOURCE = '${hash}';\n\n` +
      `/** The compiled WebAssembly module, base64. */\n` +
      `export const DISTANCES_MODULE = [\n${lines.map((line) => `  '${line}',\n`).join('')}].join('');\n`,
  );
} finally {
  rmSync(directory, { recursive: true });
}
