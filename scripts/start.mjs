/**
 * npm start
 *
 * Brings up whatever the environment does not name (see services.mjs), migrates the schema, and runs the api and WORKERS
 * (default 1) workers until Ctrl-C. A worker that ends is started again; where the api ends, everything does. Settings
 * come from the environment and from .env (.env.example explains each).
 */
import './node-version.mjs';
import { applicationEnvironment, loadEnvironmentFile } from './applications/environment.mjs';
import { migrate, openApplications } from './applications/applications.mjs';
import { whereItIs } from './applications/where-it-is.mjs';
import { aborted, main, stopRequested } from './program.mjs';
import { openServices } from './services/launcher.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

const DEFAULT_PORT = '8000';

await main(async () => {
  loadEnvironmentFile();
  const stop = stopRequested();
  await ensureInstalled();
  await ensureBuilt();
  const services = await openServices({ signal: stop });
  try {
    const environment = applicationEnvironment(services);
    console.log(await migrate(environment));
    const apps = await openApplications({
      environment,
      port: Number(process.env.API_PORT || DEFAULT_PORT),
      say: console.error,
      stop,
    });
    console.log(`\nDataCore is running; Ctrl-C stops it.\n${await whereItIs(apps.url)}\n`);
    const failure = await Promise.race([services.failed, apps.failed, aborted(stop)]);
    console.error(failure === undefined ? 'stopping…' : `${failure}; stopping…`);
    await apps.close();
    return failure === undefined ? 0 : 1;
  } finally {
    await services.close(stop);
  }
});
