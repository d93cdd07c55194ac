import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { SystemGauges } from '@app/inspection';
import { exposition, METRICS_CONTENT_TYPE } from '@app/metrics';
import type { Response } from 'express';
import { Access } from '../../access/index.js';

@ApiTags('Operations')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly gauges: SystemGauges) {}

  /** Figures for Prometheus: of this process, and of the queues and tasks of all. */
  @Get()
  @Access({ administrator: true, orMetricsToken: true })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async metrics(@Res() response: Response): Promise<void> {
    await this.gauges.refresh();
    response.setHeader('Content-Type', METRICS_CONTENT_TYPE);
    response.send(await exposition());
  }
}
