import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AnswerCache } from '@app/cache';
import { type Member, ReportMembersReader, ReportService } from '@app/reports';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { Access, AccessService, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { orderingOf, type Page, toPage } from '../http/listing.js';
import { setLocation } from '../http/location.js';
import { toTaskResponse } from '../tasks/task.schemas.js';
import {
  memberListQuery,
  type MemberListQuery,
  reportBody,
  type ReportBody,
  reportListQuery,
  type ReportListQuery,
  segmentIndex,
} from './report.request.js';
import {
  finishedReportSchema,
  memberPage,
  memberSchema,
  reportPage,
  type ReportContent,
  type ReportResponse,
  reportSchema,
  type ReportSummary,
  requestedReportSchema,
  toReport,
  toReportSummary,
} from './report.response.js';

type Requested = z.infer<typeof requestedReportSchema> | z.infer<typeof finishedReportSchema>;

@ApiTags('Reports')
@Controller('reports')
export class ReportsController {
  constructor(
    private readonly reports: ReportService,
    private readonly members: ReportMembersReader,
    private readonly access: AccessService,
    private readonly answers: AnswerCache,
  ) {}

  /**
   * Group a customer's shoppers by their shopping habits. Data and parameters that were asked for before give the
   * same report: finished (200, `X-Cache: hit`) or being made (202 with its task).
   */
  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @Access({ role: 'analyst', of: 'customer', param: 'customerId', in: 'body' })
  @ApiAcceptedResponse({ standardSchema: requestedReportSchema })
  @ApiOkResponse({ standardSchema: finishedReportSchema })
  async create(
    @Body({ schema: reportBody }) { customerId, ...request }: ReportBody,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Requested> {
    const { id, task } = await this.reports.request(customerId, request, actorOf(principal));
    if (task === null) {
      response.status(HttpStatus.OK).setHeader('X-Cache', 'hit');
      return { report: await this.get(id) };
    }
    response.setHeader('X-Cache', 'miss');
    setLocation(response, `/tasks/${task.id}`);
    return { report: await this.get(id), task: toTaskResponse(task) };
  }

  /** Reports of the customers one may see, without their pictures. */
  @Get()
  @Access({ signedIn: true })
  @ApiOkResponse({ standardSchema: reportPage })
  async list(
    @Query({ schema: reportListQuery }) query: ReportListQuery,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
  ): Promise<Page<ReportSummary>> {
    const { reports, count } = await this.reports.list({
      customerIds: await this.access.visibleCustomerIds(principal, query.customerId),
      status: query.status,
      ordering: orderingOf(query.ordering, ['createdAt', 'finishedAt'], '-createdAt'),
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    return toPage(reports.map(toReportSummary), count, query, request.originalUrl);
  }

  /** One report. */
  @Get(':reportId')
  @Access({ role: 'viewer', of: 'report', param: 'reportId' })
  @ApiOkResponse({ standardSchema: reportSchema })
  async get(@Param('reportId') id: string): Promise<ReportResponse> {
    const state = await this.reports.state(id);
    const content =
      state.status === 'succeeded'
        ? await this.finished(state.customerId, id)
        : toReport(await this.reports.get(id));
    return { ...content, children: await this.reports.children(state) };
  }

  /** Delete a report; one that is being made is cancelled. */
  @Delete(':reportId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access({ role: 'analyst', of: 'report', param: 'reportId' })
  @ApiNoContentResponse()
  async delete(@Param('reportId') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.reports.delete(id, actorOf(principal));
  }

  /** The shoppers of a segment; ordering by `shopperId` or a feature. */
  @Get(':reportId/segments/:index/members')
  @Access({ role: 'viewer', of: 'report', param: 'reportId' })
  @ApiOkResponse({ standardSchema: memberPage })
  async segmentMembers(
    @Param('reportId') id: string,
    @Param('index', { schema: segmentIndex }) index: number,
    @Query({ schema: memberListQuery }) query: MemberListQuery,
    @Req() request: Request,
  ): Promise<Page<Member>> {
    const { members, count } = await this.members.ofSegment(await this.reports.get(id), index, query);
    return toPage(members, count, query, request.originalUrl);
  }

  /** One shopper of the report. */
  @Get(':reportId/members/:shopperId')
  @Access({ role: 'viewer', of: 'report', param: 'reportId' })
  @ApiOkResponse({ standardSchema: memberSchema })
  async member(@Param('reportId') id: string, @Param('shopperId') shopperId: string): Promise<Member> {
    return this.members.member(await this.reports.get(id), shopperId);
  }

  /** A finished report never changes, so its answer is kept. */
  private async finished(customerId: string, id: string): Promise<ReportContent> {
    const key = { customerId, kind: 'report', version: id };
    const { value } = await this.answers.wrap(key, async () => toReport(await this.reports.get(id)));
    return value;
  }
}
