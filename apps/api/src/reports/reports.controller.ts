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
import { type Member, ReportMembersReader, ReportService, type ReportState } from '@app/reports';
import type { Request, Response } from 'express';
import { Access, AccessService, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { orderingOf, type Page, toPage } from '../http/listing.js';
import { sendJson } from '../http/send-json.js';
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
  ): Promise<string> {
    const { report, task } = await this.reports.request(customerId, request, actorOf(principal));
    if (task === null) {
      response.status(HttpStatus.OK).setHeader('X-Cache', 'hit');
      return sendJson(response, `{"report":${await this.shown(report)}}`);
    }
    response.setHeader('X-Cache', 'miss');
    setLocation(response, `/tasks/${task.id}`);
    const shownTask = JSON.stringify(toTaskResponse(task));
    return sendJson(response, `{"report":${await this.shown(report)},"task":${shownTask}}`);
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
  async get(@Param('reportId') id: string, @Res({ passthrough: true }) response: Response): Promise<string> {
    return sendJson(response, await this.shown(await this.reports.state(id)));
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

  /**
   * A {@link ReportResponse} as JSON. A finished report never changes, so its answer is kept; but for what became of the
   * reports of single stores.
   */
  private async shown(state: ReportState): Promise<string> {
    const { id, customerId, status } = state;
    const read = async (): Promise<ReportContent> => toReport(await this.reports.get(id));
    const content =
      status === 'succeeded'
        ? await this.answers.wrapText({ customerId, kind: 'report', version: id }, read)
        : JSON.stringify(await read());
    const children: ReportResponse['children'] = await this.reports.children(state);
    // Put in before the brace that closes the kept text.
    return `${content.slice(0, -1)},"children":${JSON.stringify(children)}}`;
  }
}
