import path from 'node:path';
import process from 'node:process';
import { checkout } from '../checkout.mjs';
import { runCommand } from '../command.mjs';
import { stopRequested } from '../program.mjs';
import { openServices } from '../services/launcher.mjs';
import { ensureBuilt, ensureInstalled } from '../setup.mjs';
import { migrate } from './applications.mjs';
import { applicationEnvironment, loadEnvironmentFile } from './environment.mjs';

/**
 * Runs one of the built commands for operators in the foreground, on the services of a running "npm start" where there
 * is one.
 * @param {string} program  below dist/apps/api/src/commands
 * @param {string[]} parameters
 * @returns {Promise<number>} its exit code
 */
export async function runOperation(program, parameters) {
  loadEnvironmentFile();
  const stop = stopRequested();
  await ensureInstalled();
  await ensureBuilt();
  const services = await openServices({ signal: stop });
  try {
    const environment = applicationEnvironment(services);
    await migrate(environment);
    const file = path.join(checkout, 'dist/apps/api/src/commands', program);
    const command = [process.execPath, '--enable-source-maps', file, ...parameters];
    return await runCommand(command, { environment, stop, failed: services.failed });
  } finally {
    await services.close(stop);
  }
}
