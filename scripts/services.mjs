/**
 * npm run services -- <command…>        node scripts/services.mjs [--ephemeral] -- <command…>
 *
 * Runs a command with the backing services up and their URLs in its environment, then stops what it has started. Without
 * a command they stay up until Ctrl-C.
 *
 *   DATABASE_URL MONGO_URL RABBITMQ_URL REDIS_URL
 *     What the environment already names (also by POSTGRES_HOST, MONGO_HOST, RABBITMQ_DEFAULT_HOST, REDIS_HOST; without
 *     --ephemeral also .env) is used as it is. Everything else is a real service of this project's own: its data is in
 *     DATA_DIR/services (default .data), it listens on loopback only, on ports of its own and with a random password. A
 *     second run in the same DATA_DIR uses the services of the first; runs with different ones do not meet.
 *   DATA_DIR UV_THREADPOOL_SIZE MALLOC_ARENA_MAX
 *     What the apps need besides. With --ephemeral DATA_DIR is a temporary directory, on fresh ports, without fsync, and
 *     removed afterwards.
 *   SERVICES_CONTROL_URL
 *     For tests that take a service away: POST $SERVICES_CONTROL_URL/stop/rabbitmq (in order), …/kill/rabbitmq (SIGKILL)
 *     and …/start/rabbitmq (same port, same data) answer 204 when it is done; names: postgres mongo rabbitmq redis.
 *     GET $SERVICES_CONTROL_URL/services tells what runs. A service that ends without being told so ends the run.
 *
 * The exit code is the command's; 1 where a service could not be provided or ended by itself.
 */
import './node-version.mjs';
import { loadEnvironmentFile } from './applications/environment.mjs';
import { runCommand } from './command.mjs';
import { aborted, main, stopRequested } from './program.mjs';
import { openServices } from './services/launcher.mjs';
import { LauncherError } from './services/processes.mjs';
import { ensureInstalled } from './setup.mjs';

await main(async () => {
  const { ephemeral, command } = readArguments(process.argv.slice(2));
  if (!ephemeral) loadEnvironmentFile();
  const stop = stopRequested();
  await ensureInstalled();
  const run = await openServices({ ephemeral, signal: stop });
  try {
    if (command.length > 0) return await runCommand(command, { ...run, stop });
    for (const [name, value] of Object.entries(run.environment)) console.log(`${name}=${value}`);
    const failure = await Promise.race([run.failed, aborted(stop)]);
    if (failure !== undefined) console.error(`${failure}; stopping`);
    return failure === undefined ? 0 : 1;
  } finally {
    await run.close(stop);
  }
});

/**
 * Everything from the first word that is no option of ours belongs to the command; npm eats one "--".
 * @param {string[]} words
 */
function readArguments(words) {
  const commandStart = words.findIndex((word) => !word.startsWith('--') || word === '--');
  const options = commandStart === -1 ? words : words.slice(0, commandStart);
  const unknown = options.find((option) => option !== '--ephemeral');
  if (unknown !== undefined) throw new LauncherError(`There is no option ${unknown}.`);
  const rest = words.slice(options.length);
  return { ephemeral: options.length > 0, command: rest[0] === '--' ? rest.slice(1) : rest };
}
