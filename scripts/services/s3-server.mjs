import fs from 'node:fs';
import path from 'node:path';
import { unpackDebianPackages } from './debian-packages.mjs';
import { LauncherError } from './processes.mjs';

/** The server itself is in Debian from 13 on, and is plain Python that the one of Debian 12 runs as well. */
const SERVER = ['python3-moto', 'python3-antlr4'];
const SERVER_SUITE = 'trixie';
const LIBRARIES = [
  'blinker boto3 botocore certifi cffi-backend charset-normalizer click cryptography dateutil flask flask-cors idna',
  'importlib-metadata itsdangerous jinja2 jmespath markupsafe more-itertools pyparsing requests responses s3transfer six',
  'typing-extensions urllib3 werkzeug xmltodict yaml zipp',
]
  .join(' ')
  .split(' ')
  .map((name) => `python3-${name}`);

const PYTHON = '/usr/bin/python3';
const START = 'import sys; from moto.server import main; main(["-H", "127.0.0.1", "-p", sys.argv[1]])';

/**
 * How an S3 server for tests is started: moto, in memory. It knows no passwords.
 * @param {number} port
 * @param {(line: string) => void} say
 * @returns {Promise<{ command: string, arguments: string[], environment: NodeJS.ProcessEnv }>}
 * @throws {LauncherError} where it cannot be had
 */
export async function s3Server(port, say) {
  // That of the system, for which the libraries are made.
  if (!fs.existsSync(PYTHON)) throw new LauncherError('there is no Python for an S3 server');
  const server = await unpackDebianPackages('moto', SERVER, say, undefined, SERVER_SUITE);
  const libraries = await unpackDebianPackages('moto-libraries', LIBRARIES, say);
  const modules = [server, libraries].map((directory) =>
    path.join(directory, 'usr/lib/python3/dist-packages'),
  );
  return {
    command: PYTHON,
    arguments: ['-c', START, String(port)],
    environment: { PYTHONPATH: modules.join(path.delimiter) },
  };
}
