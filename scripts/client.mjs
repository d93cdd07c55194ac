/**
 * npm run client
 *
 * Makes the package of the typed client, ready to be published, in dist/packages/api-client: `npm publish` there does the
 * rest.
 */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checkout } from './checkout.mjs';

/** @param {string} file */
const inCheckout = (file) => path.join(checkout, file);

const target = inCheckout('dist/packages/api-client');
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const compiler = inCheckout('node_modules/typescript/bin/tsc');
const project = inCheckout('libs/api-client/tsconfig.package.json');
const { status } = spawnSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const file of ['package.json', 'README.md'])
  copyFileSync(inCheckout(`libs/api-client/${file}`), `${target}/${file}`);
copyFileSync(inCheckout('LICENSE'), `${target}/LICENSE`);
