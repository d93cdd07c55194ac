/**
 * node scripts/s3-server.mjs
 *
 * An S3 server for tests, in memory, until its input ends: writes S3_ENDPOINT=<url> once it answers. Exit code 1, with one
 * sentence, where there is none to be had.
 */
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { main } from './program.mjs';
import { accepts, freePort } from './services/ports.mjs';
import { LauncherError } from './services/processes.mjs';
import { s3Server } from './services/s3-server.mjs';

const READY_MS = 60_000;
const LOOK_AGAIN_MS = 100;

await main(async () => {
  const port = await freePort();
  const { command, arguments: words, environment } = await s3Server(port, (line) => console.error(line));
  const server = spawn(command, words, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  process.stdin.resume().once('end', () => server.kill());
  const deadline = Date.now() + READY_MS;
  while (!(await accepts(port))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      server.kill();
      throw new LauncherError('the S3 server does not start');
    }
    await pause(LOOK_AGAIN_MS);
  }
  console.log(`S3_ENDPOINT=http://127.0.0.1:${port}`);
  await ended;
  return 0;
});
