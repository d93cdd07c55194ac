import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Settings } from '@app/config';
import { Readiness, stopOnSignals } from '@app/health';
import { type Logger, NestLogger } from '@app/logging';
import { collectProcessMetrics } from '@app/metrics';
import { TaskRunner } from '@app/tasks';
import { Consumers } from './tasks/consumers.js';
import { takenQueues } from './tasks/taken-queues.js';
import { WorkerModule, type WorkModule } from './worker.module.js';

/**
 * Starts consuming, and answers health checks over HTTP. The broker may come later.
 * @throws SettingsError before anything is opened
 */
export async function startWorker(
  settings: Settings,
  logger: Logger,
  work: readonly WorkModule[],
): Promise<NestExpressApplication> {
  takenQueues(settings);
  const app = await NestFactory.create<NestExpressApplication>(WorkerModule.forRoot(settings, logger, work), {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  collectProcessMetrics('ingest-worker');
  app.disable('x-powered-by');
  const consumers = app.get(Consumers);
  stopOnSignals(app, {
    readiness: app.get(Readiness),
    drain: async () => {
      app.get(TaskRunner).endSoon();
      await consumers.close();
    },
    drainMs: consumers.drainMs,
    logger,
  });
  for (const strategy of consumers.servers) app.connectMicroservice({ strategy });
  await app.init();
  consumers.assertHandled();
  await app.startAllMicroservices();
  await app.listen(settings.worker.healthPort, settings.api.host);
  logger.info({ url: await app.getUrl(), queues: consumers.queues }, 'ingest-worker is up');
  return app;
}
