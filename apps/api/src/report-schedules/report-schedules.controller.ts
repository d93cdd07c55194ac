import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Post,
  Query,
  Req,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ReportScheduleService } from '@app/report-schedules';
import type { Request } from 'express';
import { Access, AccessService, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { givenFields } from '../http/given-fields.js';
import { orderingOf, type Page, toPage } from '../http/listing.js';
import {
  type NewReportScheduleBody,
  newReportScheduleBody,
  type ReportScheduleChangesBody,
  reportScheduleChangesBody,
  type ReportScheduleListQuery,
  reportScheduleListQuery,
  reportSchedulePage,
  type ReportScheduleResponse,
  reportScheduleResponse,
  toReportScheduleResponse,
} from './report-schedule.schemas.js';

/** Reports that are made again by themselves, and told of where they say anything new. */
@ApiTags('Report schedules')
@Controller('report-schedules')
export class ReportSchedulesController {
  constructor(
    private readonly reportSchedules: ReportScheduleService,
    private readonly access: AccessService,
  ) {}

  /** The scheduled reports of the customers one may see, the newest first. */
  @Get()
  @Access({ signedIn: true })
  @ApiOkResponse({ standardSchema: reportSchedulePage })
  async list(
    @Query({ schema: reportScheduleListQuery }) query: ReportScheduleListQuery,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
  ): Promise<Page<ReportScheduleResponse>> {
    const { planned, count } = await this.reportSchedules.list({
      customerIds: await this.access.visibleCustomerIds(principal, query.customerId),
      direction: orderingOf(query.ordering, ['createdAt'], '-createdAt').direction,
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    return toPage(planned.map(toReportScheduleResponse), count, query, request.originalUrl);
  }

  /** Have a report of a customer or store made again by the clock, or whenever there is new data. */
  @Post()
  @Access({ role: 'analyst', of: 'customer', param: 'customerId', in: 'body' })
  @ApiCreatedResponse({ standardSchema: reportScheduleResponse })
  async create(
    @Body({ schema: newReportScheduleBody }) body: NewReportScheduleBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ReportScheduleResponse> {
    const { customerId, report, ...fields } = body;
    const created = await this.reportSchedules.create(
      customerId,
      { ...fields, request: report },
      actorOf(principal),
    );
    return toReportScheduleResponse(created);
  }

  /** One scheduled report. */
  @Get(':reportScheduleId')
  @Access({ role: 'viewer', of: 'reportSchedule', param: 'reportScheduleId' })
  @ApiOkResponse({ standardSchema: reportScheduleResponse })
  async get(@Param('reportScheduleId') id: string): Promise<ReportScheduleResponse> {
    return toReportScheduleResponse(await this.reportSchedules.get(id));
  }

  /** Change what is made and when, or switch it off and on. */
  @Patch(':reportScheduleId')
  @Access({ role: 'analyst', of: 'reportSchedule', param: 'reportScheduleId' })
  @ApiOkResponse({ standardSchema: reportScheduleResponse })
  async update(
    @Param('reportScheduleId') id: string,
    @Body({ schema: reportScheduleChangesBody }) { report, ...rest }: ReportScheduleChangesBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ReportScheduleResponse> {
    const changes = givenFields({ ...rest, request: report });
    return toReportScheduleResponse(await this.reportSchedules.update(id, changes, actorOf(principal)));
  }

  /** It is made no more; the reports stay. */
  @Delete(':reportScheduleId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access({ role: 'analyst', of: 'reportSchedule', param: 'reportScheduleId' })
  @ApiNoContentResponse()
  async remove(
    @Param('reportScheduleId') id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.reportSchedules.delete(id, actorOf(principal));
  }
}
