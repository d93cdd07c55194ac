import { keepHeap, loadSettings, SettingsError } from '@app/config';
import { createLogger } from '@app/logging';
import { requireThreads } from './native-threads.js';
import { startWorker } from './start-worker.js';
import { WORK } from './work.js';

try {
  requireThreads();
  keepHeap();
  const settings = loadSettings();
  const logger = createLogger('ingest-worker', settings.logLevel);
  await startWorker(settings, logger, WORK).catch((error: unknown) => {
    if (error instanceof SettingsError) throw error;
    logger.fatal({ err: error }, 'ingest-worker could not start');
    process.exit(1);
  });
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`The settings are not usable: ${error.message}\n`);
  process.exit(1);
}
