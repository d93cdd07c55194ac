import { keepHeap, loadSettings, type Settings, SettingsError } from '@app/config';
import { createLogger } from '@app/logging';
import { createApp } from './create-app.js';

keepHeap();
const settings = readSettings();
const logger = createLogger('api', settings.logLevel);
try {
  const app = await createApp(settings, logger);
  await app.listen(settings.api.port, settings.api.host);
  logger.info({ url: await app.getUrl() }, 'api is listening');
  // For a parent process that waits for it; a port that answers may be somebody else's.
  process.send?.('ready');
} catch (error) {
  logger.fatal({ err: error }, 'api could not start');
  process.exit(1);
}

function readSettings(): Settings {
  try {
    return loadSettings();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`The settings are not usable: ${error.message}\n`);
    return process.exit(1);
  }
}
