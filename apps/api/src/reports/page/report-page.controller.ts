import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Problem } from '@app/problems';
import { ReportService } from '@app/reports';
import type { Response } from 'express';
import { Access } from '../../access/index.js';
import { toReport } from '../report.response.js';
import { reportPage } from './report-page.js';
import { PAGE_POLICY } from './style.js';

@ApiTags('Reports')
@Controller('reports')
export class ReportPageController {
  constructor(private readonly reports: ReportService) {}

  /** A finished report as one printable page: charts included, nothing loaded, no scripts. */
  @Get(':reportId/page')
  @Access({ role: 'viewer', of: 'report', param: 'reportId' })
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string' } })
  async page(@Param('reportId') id: string, @Res() response: Response): Promise<void> {
    const report = await this.reports.get(id);
    if (report.outcome === null)
      throw new Problem('conflict', 'The report is not finished; it has no page yet.');
    response
      .setHeader('Content-Security-Policy', PAGE_POLICY)
      .type('text/html; charset=utf-8')
      .send(reportPage(toReport(report)));
  }
}
