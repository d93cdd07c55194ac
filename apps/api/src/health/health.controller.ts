import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Readiness, type ReadinessReport } from '@app/health';
import type { Response } from 'express';
import { z } from 'zod';
import { Public } from '../access/index.js';

/** A report is two seconds old at most. */
const RETRY_SECONDS = 2;

const livenessSchema = z.object({ status: z.literal('ok') });
const readinessSchema = z.object({
  status: z.enum(['ok', 'degraded', 'unavailable']),
  dependencies: z.record(z.string(), z.object({ status: z.enum(['up', 'down']), needed: z.boolean() })),
});

@ApiTags('Health')
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process answers. */
  @Get('live')
  @ApiOkResponse({ standardSchema: livenessSchema })
  live(): z.infer<typeof livenessSchema> {
    return { status: 'ok' };
  }

  /** What it depends on, by name: 503 where one that is needed is down, `degraded` where another is. */
  @Get('ready')
  @ApiOkResponse({ standardSchema: readinessSchema })
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    if (report.status === 'unavailable') {
      response.status(HttpStatus.SERVICE_UNAVAILABLE).setHeader('Retry-After', RETRY_SECONDS);
    }
    return report;
  }
}
