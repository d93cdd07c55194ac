import { loadSettings, type Settings, SettingsError } from '@app/config';
import { createLogger } from '@app/logging';
import { requireThreads } from './native-threads.js';
import { startWorker } from './start-worker.js';
import { WORK } from './work.js';

const settings = readSettings();
const logger = createLogger('ingest-worker', settings.logLevel);
try {
  await startWorker(settings, logger, WORK);
} catch (error) {
  logger.fatal({ err: error }, 'ingest-worker could not start');
  process.exit(1);
}

function readSettings(): Settings {
  try {
    requireThreads();
    return loadSettings();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`The settings are not usable: ${error.message}\n`);
    return process.exit(1);
  }
}
