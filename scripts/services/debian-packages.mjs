import fs from 'node:fs';
import path from 'node:path';
import { cachedProgram } from './program-cache.mjs';
import { LauncherError, runProgram } from './processes.mjs';

/**
 * Programs of the system's own distribution, unpacked into the program cache: nothing is installed, no service is
 * started, no root is needed.
 * @param {string} name
 * @param {string[]} packages
 * @param {(line: string) => void} say
 * @param {(directory: string) => void} [adapt]  what must be changed for the programs to run from there
 * @param {string} [suite]  of Debian, where the packages are not those of this system
 * @returns {Promise<string>} the directory that holds their `usr`
 * @throws {LauncherError} where the system has no apt, or the packages cannot be had
 */
export function unpackDebianPackages(name, packages, say, adapt, suite) {
  return cachedProgram(`${name}-${distribution()}-${process.arch}`, async (directory) => {
    say(`fetching ${name} (once)`);
    const archives = path.join(directory, 'archives');
    fs.mkdirSync(archives);
    await download(packages, archives, directory, suite);
    for (const archive of fs.readdirSync(archives)) {
      const { ok, output } = await runProgram('dpkg-deb', ['-x', path.join(archives, archive), directory]);
      if (!ok) throw new LauncherError(`${archive} cannot be unpacked: ${output}`);
    }
    for (const unneeded of ['archives', 'usr/share/doc', 'usr/share/man']) {
      fs.rmSync(path.join(directory, unneeded), { recursive: true, force: true });
    }
    adapt?.(directory);
  });
}

/**
 * Environment that lets an unpacked program find the libraries unpacked with it.
 * @param {string} directory
 * @returns {NodeJS.ProcessEnv}
 */
export function libraryPath(directory) {
  const libraries = path.join(directory, 'usr/lib');
  const multiarch = fs.existsSync(libraries)
    ? fs.readdirSync(libraries).find((entry) => entry.endsWith('-linux-gnu'))
    : undefined;
  return multiarch === undefined ? {} : { LD_LIBRARY_PATH: path.join(libraries, multiarch) };
}

/** @param {string[]} packages @param {string} into @param {string} scratch @param {string} [suite] */
async function download(packages, into, scratch, suite) {
  const fetch = (/** @type {string[]} */ options) =>
    runProgram('apt-get', [...options, '-o', 'APT::Sandbox::User=root', '-qq', 'download', ...packages], {
      cwd: into,
    });
  if (suite === undefined && (await fetch([])).ok) return;

  // No package lists on this machine, or outdated ones: fetch them privately, which any user may.
  const state = path.join(scratch, 'apt');
  for (const part of ['lists/partial', 'cache/archives/partial']) {
    fs.mkdirSync(path.join(state, part), { recursive: true });
  }
  const options = [
    ['-o', `Dir::State=${state}`],
    ['-o', 'Dir::State::status=/var/lib/dpkg/status'],
    ['-o', `Dir::Cache=${state}/cache`],
    ['-o', 'APT::Sandbox::User=root'],
    ...(suite === undefined ? [] : sourceOptions(state, suite)),
  ].flat();
  const update = await runProgram('apt-get', [...options, '-qq', 'update']);
  const fetched = await fetch(options);
  fs.rmSync(state, { recursive: true, force: true });
  if (!fetched.ok) {
    const [reason] = (update.ok ? fetched.output : update.output).split('\n');
    throw new LauncherError(`apt-get cannot fetch ${packages[0]}: ${reason}`);
  }
}

/** @param {string} state @param {string} suite */
function sourceOptions(state, suite) {
  const list = path.join(state, 'sources.list');
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  fs.writeFileSync(list, `deb [signed-by=${keys}] http://deb.debian.org/debian ${suite} main\n`);
  return [
    ['-o', `Dir::Etc::SourceList=${list}`],
    ['-o', 'Dir::Etc::SourceParts=/dev/null'],
    ['-o', 'Acquire::Languages=none'],
  ];
}

/** @returns {string} such as `debian-12` */
function distribution() {
  const file = '/etc/os-release';
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const value = (/** @type {string} */ key) =>
    new RegExp(`^${key}="?([\\w.-]+)"?$`, 'm').exec(text)?.[1] ?? 'unknown';
  return `${value('ID')}-${value('VERSION_ID')}`;
}
