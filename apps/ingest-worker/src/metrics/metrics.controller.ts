import { Controller, Get, HttpStatus, Inject, Req, Res } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { exposition, hasToken, METRICS_CONTENT_TYPE } from '@app/metrics';
import type { Request, Response } from 'express';

/** Figures of this process. A worker knows no accounts: without METRICS_TOKEN it tells nobody. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  @Get()
  async metrics(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!hasToken(request.headers.authorization, this.settings.operations.metricsToken)) {
      response.setHeader('WWW-Authenticate', 'Bearer');
      response.sendStatus(HttpStatus.UNAUTHORIZED);
      return;
    }
    response.setHeader('Content-Type', METRICS_CONTENT_TYPE);
    response.send(await exposition());
  }
}
