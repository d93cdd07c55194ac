/**
 * npm run admin -- create <email>
 *
 * Makes an administrator and prints the password, once. Uses the services of a running "npm start" where there is one.
 */
import './node-version.mjs';
import { applicationEnvironment, loadEnvironmentFile } from './applications/environment.mjs';
import { migrate, runAppCommand } from './applications/applications.mjs';
import { main, stopRequested } from './program.mjs';
import { openServices } from './services/launcher.mjs';
import { LauncherError } from './services/processes.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

await main(async () => {
  const [verb, email, ...rest] = process.argv.slice(2);
  if (verb !== 'create' || email === undefined || rest.length > 0) {
    throw new LauncherError('usage: npm run admin -- create <email>');
  }
  loadEnvironmentFile();
  const stop = stopRequested();
  await ensureInstalled();
  await ensureBuilt();
  const services = await openServices({ signal: stop });
  try {
    const environment = applicationEnvironment(services);
    await migrate(environment);
    console.log(await runAppCommand('create-administrator.js', [email], environment));
    return 0;
  } finally {
    await services.close(stop);
  }
});
