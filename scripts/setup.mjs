import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkout } from './checkout.mjs';
import { portsFor, tryListen } from './services/ports.mjs';
import { LauncherError } from './services/processes.mjs';

const LONGEST_SETUP_SECONDS = 600;
const BUILT_FROM = 'dist/.built-from';
const ENTRIES = [
  'dist/apps/api/src/main.js',
  'dist/apps/ingest-worker/src/main.js',
  'dist/apps/dashboard/index.html',
];

const inCheckout = (/** @type {string} */ file) => path.join(checkout, file);

/** Installs the packages where they are missing or not those of package-lock.json. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await alone(() => {
    if (!isInstalled()) runNpm('installing packages', ['ci', '--include=dev']);
  });
}

/** Builds the apps where they are missing or older than their sources. */
export async function ensureBuilt() {
  if (isBuilt()) return;
  await alone(() => {
    if (isBuilt()) return;
    const sources = sourcesFingerprint();
    // Without its results the compiler's memory of them is wrong.
    if (!ENTRIES.every((file) => fs.existsSync(inCheckout(file)))) {
      fs.rmSync(inCheckout('dist'), { recursive: true, force: true });
    }
    runNpm('building', ['run', 'build']);
    fs.writeFileSync(inCheckout(BUILT_FROM), sources);
  });
}

/** @param {string} what @param {string[]} parameters */
function runNpm(what, parameters) {
  const began = Date.now();
  console.error(`[setup] ${what}…`);
  // Standard output belongs to the script that asked for this.
  const { status } = spawnSync('npm', [...parameters, '--loglevel=error'], {
    cwd: checkout,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new LauncherError(`"npm ${parameters.join(' ')}" failed.`);
  console.error(`[setup] ${what}: done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

/** Compares versions, not times: a checkout of another branch changes times only. */
function isInstalled() {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(([place, { version, optional }]) => {
    if (place === '') return true;
    const there = installed[place];
    // Optional ones are often for other systems.
    return there === undefined ? optional === true : there.version === version;
  });
}

/** @param {string} file @returns {Record<string, { version: string, optional?: boolean }> | undefined} */
function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(inCheckout(file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function isBuilt() {
  if (!ENTRIES.every((file) => fs.existsSync(inCheckout(file)))) return false;
  const stamp = inCheckout(BUILT_FROM);
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === sourcesFingerprint();
}

/** Changes with the name, size or time of any file the build reads. */
function sourcesFingerprint() {
  const sources = ['apps', 'libs'].flatMap((folder) =>
    fs
      .readdirSync(inCheckout(folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|tsx|css|html|json)$/.test(file) && !file.endsWith('.spec.ts'))
      .map((file) => path.join(folder, file)),
  );
  const hash = createHash('sha256');
  for (const file of [
    ...sources.toSorted((one, other) => (one < other ? -1 : 1)),
    'tsconfig.json',
    'nest-cli.json',
    'package-lock.json',
  ]) {
    const { size, mtimeMs } = fs.statSync(inCheckout(file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/**
 * Two runs that start in the same fresh clone take turns.
 * @param {() => void} work
 */
async function alone(work) {
  const server = net.createServer();
  const [port] = portsFor(`setup of ${checkout}`);
  const deadline = Date.now() + LONGEST_SETUP_SECONDS * 1000;
  while (!(await tryListen(server, port)) && Date.now() < deadline) await delay(200);
  try {
    work();
  } finally {
    server.close();
  }
}
