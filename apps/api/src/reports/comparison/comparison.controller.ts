import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AnswerCache } from '@app/cache';
import { notFound } from '@app/problems';
import { ReportComparison, ReportService } from '@app/reports';
import type { Request } from 'express';
import { Access } from '../../access/index.js';
import { toPage } from '../../http/listing.js';
import { idSchema } from '../../http/validation.js';
import { comparisonQuery, type ComparisonQuery } from '../report.request.js';
import { type ComparisonResponse, comparisonSchema, toComparison, toMover } from './comparison.response.js';

@ApiTags('Reports')
@Controller('reports')
export class ComparisonController {
  constructor(
    private readonly reports: ReportService,
    private readonly comparison: ReportComparison,
    private readonly answers: AnswerCache,
  ) {}

  /**
   * Who moved from this report to another of the same customer: how many from which segment to which, and the
   * movers with the feature that changed most. `change` lists those who stayed, are new or are gone instead; `from`
   * and `to` narrow the list to segments.
   */
  @Get(':reportId/compare/:otherId')
  @Access({ role: 'viewer', of: 'report', param: 'reportId' })
  @ApiOkResponse({ standardSchema: comparisonSchema })
  async compare(
    @Param('reportId') id: string,
    @Param('otherId') otherId: string,
    @Query({ schema: comparisonQuery }) query: ComparisonQuery,
    @Req() request: Request,
  ): Promise<ComparisonResponse> {
    if (!idSchema.safeParse(otherId).success) throw notFound('report');
    const [earlier, later] = [await this.reports.get(id), await this.reports.get(otherId)];
    const { customerId } = earlier;
    const { value } = await this.answers.wrap(
      { customerId, kind: 'comparison', version: `${earlier.id}:${later.id}`, query },
      () => this.comparison.compare(earlier, later, query),
    );
    const movers = value.movers.map(toMover(earlier, later));
    const page = toPage(movers, value.count, query, request.originalUrl);
    return toComparison(earlier, later, value, page);
  }
}
