import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Readiness, type ReadinessReport } from '@app/health';
import type { Response } from 'express';
import { z } from 'zod';
import { Public } from '../access/index.js';

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
    response.status(report.status === 'unavailable' ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK);
    return report;
  }
}
