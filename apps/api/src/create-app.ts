import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Settings } from '@app/config';
import { Readiness, stopOnSignals } from '@app/health';
import { type Logger, NestLogger } from '@app/logging';
import { collectProcessMetrics } from '@app/metrics';
import { DownloadTickets } from '@app/users';
import { AppModule } from './app.module.js';
import { serveDashboard } from './dashboard/serve-dashboard.js';
import { redeemDownload } from './downloads/redeem-download.js';
import { openApiDocument, serveOpenApi, setPrefix } from './http/openapi.js';
import { sendProblem } from './http/problem.filter.js';
import { requestContext } from './http/request-context.middleware.js';
import { RequestGate } from './http/request-gate.middleware.js';
import { requestLog } from './http/request-log.middleware.js';
import { requestMetrics } from './http/request-metrics.middleware.js';
import { RouteTable } from './http/route-table.js';
import { securityHeaders } from './http/security-headers.js';
import { unmatched } from './http/unmatched.js';

const MAX_JSON_BYTES = 1024 ** 2;
/** Node's own limit of five minutes would cut large uploads over slow lines; a reception has its idle limit. */
const MAX_REQUEST_MS = 60 * 60 * 1000;

/** The whole api, not yet listening. */
export async function createApp(settings: Settings, logger: Logger): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(settings, logger), {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
    // What has not ended within the grace period, and connections that are kept open for nothing.
    forceCloseConnections: true,
  });
  collectProcessMetrics('api');
  app.set('query parser', 'simple');
  app.set('trust proxy', settings.api.trustProxy === '' ? false : settings.api.trustProxy);
  app.disable('x-powered-by');
  const gate = new RequestGate(settings.capacity.requestsInFlight, sendProblem);
  app.use(requestContext, requestLog(logger), requestMetrics, securityHeaders, gate.pass);
  app.useBodyParser('json', { limit: MAX_JSON_BYTES });
  app.enableCors({
    origin: settings.api.allowedOrigins,
    credentials: true,
    exposedHeaders: ['Location', 'Retry-After', 'X-Cache', 'X-Request-ID', 'X-Row-Count'],
  });
  setPrefix(app);
  app.use(redeemDownload(app.get(DownloadTickets), sendProblem));
  serveDashboard(app);
  stopOnSignals(app, {
    readiness: app.get(Readiness),
    drain: () => gate.drain(),
    drainMs: settings.tasks.shutdownGraceSeconds * 1000,
    logger,
  });
  const document = openApiDocument(app);
  app.get(RouteTable).load(document);
  serveOpenApi(app, document);
  await app.init();
  app.getHttpServer().requestTimeout = MAX_REQUEST_MS;
  app
    .getHttpAdapter()
    .getInstance()
    .use(unmatched(app.get(RouteTable), sendProblem));
  return app;
}
