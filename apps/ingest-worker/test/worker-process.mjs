import { loadSettings } from '../../../dist/libs/config/src/index.js';
import { createLogger } from '../../../dist/libs/logging/src/index.js';
import { startWorker } from '../../../dist/apps/ingest-worker/src/start-worker.js';
import { testWork } from './test-work.mjs';

const settings = loadSettings();
const logger = createLogger('ingest-worker', settings.logLevel);
await startWorker(settings, logger, [testWork()]);
