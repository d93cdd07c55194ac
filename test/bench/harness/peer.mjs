import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// Debian's packages belong to Debian's Python, whatever else comes first in the PATH.
const PYTHON = '/usr/bin/python3';

/**
 * Sees to Debian's Python packages, installing what is missing where that is possible.
 * @param {Record<string, string>} packages  name of the Debian package → module
 * @returns {string | undefined} why they are not there
 */
export function pythonUnavailable(packages) {
  const missing = Object.entries(packages)
    .filter(([, module]) => spawnSync(PYTHON, ['-c', `import ${module}`]).status !== 0)
    .map(([name]) => name);
  if (missing.length === 0) return undefined;
  const wish = `it needs ${missing.join(' ')}`;
  if (spawnSync('apt-get', ['--version']).status !== 0) return `${wish} of Debian or Ubuntu`;
  if (process.getuid?.() !== 0)
    return `${wish}: sudo apt-get install --no-install-recommends ${missing.join(' ')}`;
  console.error(`installing ${missing.join(' ')} with apt-get…`);
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  let { status, stderr } = apt(...install);
  if (status !== 0) {
    apt('update');
    ({ status, stderr } = apt(...install));
  }
  return status === 0 ? undefined : `${wish}, which apt-get could not install: ${stderr.trim()}`;
}

/** @param {string[]} parameters */
function apt(...parameters) {
  return spawnSync('apt-get', ['-qq', ...parameters], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  });
}

/**
 * Runs a script of test/bench/peers, in Python or JavaScript; the last line it prints is its result.
 * @param {string} script @param {string[]} parameters
 * @returns {Promise<{ seconds: number } & Record<string, unknown>>}
 */
export function runPeer(script, parameters) {
  const file = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
  const program = script.endsWith('.py') ? PYTHON : process.execPath;
  const child = spawn(program, [file, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // OpenMP's threads otherwise spin while they wait: ten times slower as soon as a core is shared.
    env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(output.trim().split('\n').at(-1) ?? ''));
      else reject(new Error(`${script} ended with ${code}`));
    });
  });
}
