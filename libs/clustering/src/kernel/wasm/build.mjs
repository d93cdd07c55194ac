// Compiles passes.as into module.ts. Run it after every change of passes.as:
//   npx --package assemblyscript@0.28.20 node libs/clustering/src/kernel/wasm/build.mjs
// The compiler is not a dependency of the project: it is needed only here, and weighs 100 MB.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'passes-'));
try {
  copyFileSync(join(here, 'passes.as'), join(directory, 'passes.ts'));
  const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'threads'];
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
  execFileSync('asc', ['passes.ts', ...flags, ...memory, '--outFile', 'passes.wasm'], {
    cwd: directory,
    stdio: 'inherit',
  });
  const lines = readFileSync(join(directory, 'passes.wasm'))
    .toString('base64')
    .match(/.{1,96}/g);
  const source = createHash('sha256')
    .update(readFileSync(join(here, 'passes.as')))
    .digest('hex');
  writeFileSync(
    join(here, 'module.ts'),
    `// Written by build.mjs from passes.as; do not edit.\n\n` +
      `/** SHA-256 of the passes.as that this module was compiled from. */\n` +
      `export const PASSES_SOURCE = '${source}';\n\n` +
      `/** The compiled WebAssembly module, base64. */\n` +
      `export const PASSES_MODULE = [\n${lines.map((line) => `  '${line}',\n`).join('')}].join('');\n`,
  );
} finally {
  rmSync(directory, { recursive: true });
}
