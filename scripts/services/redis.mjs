import fs from 'node:fs';
import path from 'node:path';
import { libraryPath, unpackDebianPackages } from './debian-packages.mjs';
import { findExecutable } from './executables.mjs';

const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];

/** @type {import('./place.mjs').Service} */
export const redis = {
  name: 'redis',
  title: 'Redis',
  variable: 'REDIS_URL',
  hostVariable: 'REDIS_HOST',
  optional: true,

  async prepare(place) {
    const program = await findProgram(place.say);
    const port = await place.port('resp');
    const configuration = path.join(place.directory, 'redis.conf');
    fs.writeFileSync(
      configuration,
      [
        `port ${port}`,
        'bind 127.0.0.1',
        `requirepass ${place.password}`,
        `dir "${place.directory}"`,
        `appendonly ${place.ephemeral ? 'no' : 'yes'}`,
        'save ""',
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
    return {
      url: `redis://:${place.password}@127.0.0.1:${port}`,
      launch: (spawn) =>
        spawn(
          {
            name: 'redis',
            command: program.server,
            arguments: [configuration],
            directory: place.directory,
            environment: program.environment,
          },
          (daemon) => daemon.said('Ready to accept connections'),
        ),
    };
  },
};

/** @param {(line: string) => void} say */
async function findProgram(say) {
  const installed = findExecutable('redis-server') ?? findExecutable('valkey-server');
  if (installed !== undefined) return { server: installed, environment: {} };
  const directory = await unpackDebianPackages('redis', PACKAGES, say);
  return { server: path.join(directory, 'usr/bin/redis-server'), environment: libraryPath(directory) };
}
