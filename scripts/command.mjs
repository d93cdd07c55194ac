import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { checkout } from './checkout.mjs';

/**
 * Runs a command in the foreground: it has our terminal and, with it, gets Ctrl-C by itself.
 * @param {string[]} command
 * @param {{ environment: Record<string, string>, stop: AbortSignal, failed: Promise<string>,
 *   say?: (line: string) => void }} options  `failed`: ends the command when a service has gone
 * @returns {Promise<number>} its exit code, 1 where a service failed
 */
export async function runCommand(
  [program, ...parameters],
  { environment, stop, failed, say = console.error },
) {
  const child = spawn(program, parameters, {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${path.join(checkout, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}`,
      ...environment,
    },
  });
  const forward = () => {
    const fromTerminal = stop.reason === 'SIGINT' && process.stdin.isTTY;
    if (!fromTerminal) child.kill(stop.reason);
  };
  if (stop.aborted) forward();
  else stop.addEventListener('abort', forward, { once: true });

  let serviceFailed = false;
  const endWithServices = async () => {
    say(`${await failed}; stopping`);
    serviceFailed = true;
    child.kill('SIGTERM');
  };
  void endWithServices();
  return new Promise((resolve) => {
    child.once('error', (error) => {
      say(`${program} cannot be run: ${error.message}`);
      resolve(127);
    });
    child.once('exit', (code, signal) => {
      if (serviceFailed) resolve(1);
      else resolve(signal === null ? (code ?? 1) : 128 + os.constants.signals[signal]);
    });
  });
}
