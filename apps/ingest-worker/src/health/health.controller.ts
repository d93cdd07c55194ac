import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { Readiness, type ReadinessReport } from '@app/health';
import type { Response } from 'express';

/** A report is two seconds old at most. */
const RETRY_SECONDS = 2;

@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    if (report.status === 'unavailable') {
      response.status(HttpStatus.SERVICE_UNAVAILABLE).setHeader('Retry-After', RETRY_SECONDS);
    }
    return report;
  }
}
