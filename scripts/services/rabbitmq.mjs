import fs from 'node:fs';
import path from 'node:path';
import { libraryPath, unpackDebianPackages } from './debian-packages.mjs';
import { accepts } from './ports.mjs';
import { findExecutable } from './executables.mjs';

const USER = 'datacore';
const ERLANG_PARTS =
  'base asn1 crypto eldap inets mnesia os-mon parsetools public-key runtime-tools ssl syntax-tools tools xmerl ftp tftp snmp';
const PACKAGES = [
  'rabbitmq-server',
  ...ERLANG_PARTS.split(' ').map((part) => `erlang-${part}`),
  'libsctp1',
  'libtinfo6',
];
const INSTALLED_AT = [
  '/usr/lib/rabbitmq/bin',
  '/opt/homebrew/opt/rabbitmq/sbin',
  '/usr/local/opt/rabbitmq/sbin',
];

/** For tests: whoever keeps a message for 20 s without settling it loses his channel, as after 30 minutes elsewhere. */
const IMPATIENT = '[{rabbit, [{consumer_timeout, 20000}, {channel_tick_interval, 2000}]}].\n';

/** @type {import('./place.mjs').Service} */
export const rabbitmq = {
  name: 'rabbitmq',
  title: 'RabbitMQ',
  variable: 'RABBITMQ_URL',
  hostVariable: 'RABBITMQ_DEFAULT_HOST',
  optional: false,

  async prepare(place) {
    const programs = await findPrograms(place.say);
    const [port, distributionPort, epmdPort] = [
      await place.port('amqp'),
      await place.port('distribution'),
      await place.port('epmd'),
    ];
    const file = (/** @type {string} */ name) => path.join(place.directory, name);
    fs.mkdirSync(file('home'), { recursive: true, mode: 0o700 });
    fs.writeFileSync(
      file('rabbitmq.conf'),
      [
        `listeners.tcp.1 = 127.0.0.1:${port}`,
        `default_user = ${USER}`,
        `default_pass = ${place.password}`,
        'vm_memory_high_watermark.absolute = 512MB',
        'disk_free_limit.absolute = 200MB',
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
    fs.writeFileSync(file('enabled_plugins'), '[].\n');
    fs.writeFileSync(file('environment.conf'), '');
    fs.writeFileSync(file('advanced.config'), place.ephemeral ? IMPATIENT : '[].\n');
    // Erlang asks for "localhost", which not every machine's resolver knows.
    fs.writeFileSync(file('inetrc'), '{host, {127,0,0,1}, ["localhost"]}.\n{lookup, [file, native]}.\n');

    const environment = {
      ...programs.environment,
      HOME: file('home'), // the cookie is made there
      LANG: 'C.UTF-8',
      RABBITMQ_NODENAME: 'datacore@localhost', // it names the data directory: never another
      RABBITMQ_CONF_ENV_FILE: file('environment.conf'),
      RABBITMQ_CONFIG_FILE: file('rabbitmq.conf'),
      RABBITMQ_ADVANCED_CONFIG_FILE: file('advanced.config'),
      RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins'),
      RABBITMQ_MNESIA_BASE: file('mnesia'),
      RABBITMQ_LOG_BASE: file('log'),
      RABBITMQ_PID_FILE: file('pid'),
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(distributionPort),
      ERL_EPMD_PORT: String(epmdPort),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_INETRC: file('inetrc'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none',
    };
    return {
      url: `amqp://${USER}:${place.password}@127.0.0.1:${port}`,
      async launch(spawn) {
        // Started by us and first: the broker would start one that outlives it.
        await spawn(
          {
            name: 'epmd',
            command: programs.epmd,
            arguments: ['-port', String(epmdPort), '-address', '127.0.0.1'],
            directory: place.directory,
            environment,
          },
          () => accepts(epmdPort),
        );
        await spawn(
          {
            name: 'rabbitmq',
            command: programs.server,
            arguments: [],
            directory: place.directory,
            environment,
          },
          (daemon) => daemon.said('completed with'),
        );
      },
    };
  },
};

/** @param {(line: string) => void} say */
async function findPrograms(say) {
  const installed = INSTALLED_AT.find((directory) => fs.existsSync(path.join(directory, 'rabbitmq-server')));
  if (installed !== undefined) {
    return {
      server: path.join(installed, 'rabbitmq-server'),
      epmd: findExecutable('epmd') ?? 'epmd',
      environment: {},
    };
  }
  const directory = await unpackDebianPackages('rabbitmq', PACKAGES, say, relocateErlang);
  return {
    server: path.join(directory, 'usr/lib/rabbitmq/bin/rabbitmq-server'),
    epmd: path.join(directory, 'usr/bin/epmd'),
    environment: {
      ...libraryPath(directory),
      PATH: `${directory}/usr/bin:${process.env.PATH}`,
      DATACORE_ERLANG: path.join(directory, 'usr/lib/erlang'),
    },
  };
}

/** Debian's start script knows one place only; it takes it from the environment now. @param {string} directory */
function relocateErlang(directory) {
  const script = path.join(directory, 'usr/lib/erlang/bin/erl');
  const text = fs.readFileSync(script, 'utf8');
  fs.writeFileSync(script, text.replaceAll('ROOTDIR=/usr/lib/erlang', 'ROOTDIR="$DATACORE_ERLANG"'));
}
