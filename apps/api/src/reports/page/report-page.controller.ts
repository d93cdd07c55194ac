import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { CustomerService } from '@app/customers';
import { Problem } from '@app/problems';
import { type ReportEntity, ReportService } from '@app/reports';
import { StoreService } from '@app/stores';
import type { Response } from 'express';
import { Access } from '../../access/index.js';
import { toReport } from '../report.response.js';
import { reportPage } from './report-page.js';
import { PAGE_POLICY } from './style.js';

@ApiTags('Reports')
@Controller('reports')
export class ReportPageController {
  constructor(
    private readonly reports: ReportService,
    private readonly customers: CustomerService,
    private readonly stores: StoreService,
  ) {}

  /** A finished report as one printable page: charts included, nothing loaded, no scripts. */
  @Get(':reportId/page')
  @Access({ role: 'viewer', of: 'report', param: 'reportId' })
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string' } })
  async page(@Param('reportId') id: string, @Res() response: Response): Promise<void> {
    const report = await this.reports.get(id);
    if (report.outcome === null)
      throw new Problem('conflict', 'The report is not finished; it has no page yet.');
    const { name: customer } = await this.customers.get(report.customerId);
    response
      .setHeader('Content-Security-Policy', PAGE_POLICY)
      .type('text/html; charset=utf-8')
      .send(reportPage({ report: toReport(report), customer, stores: await this.storesOf(report) }));
  }

  /** Names of the stores that were asked for; a store that was removed since has none. */
  private async storesOf({ customerId, params }: ReportEntity): Promise<string[]> {
    const ids = params.storeIds ?? (params.storeId === null ? [] : [params.storeId]);
    const names = await this.stores.namesOf(customerId, ids);
    return ids.flatMap((id) => names.get(id) ?? []);
  }
}
