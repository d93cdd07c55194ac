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
  Res,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import { type SourceEntity, SourceOrders, SourceRuns, SourceService } from '@app/sources';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Access, AccessService, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { givenFields } from '../http/given-fields.js';
import { likePattern, orderingOf, type Page, pageOf, toPage } from '../http/listing.js';
import { setLocation } from '../http/location.js';
import { toTaskResponse } from '../tasks/task.schemas.js';
import { newSourceBody, placeOf, runListQuery, sourceChangeBody, sourceListQuery } from './source.request.js';
import {
  type RunResponse,
  runSchema,
  type SourceResponse,
  sourceSchema,
  startedSync,
  toRun,
  toSource,
} from './source.response.js';

@ApiTags('Sources')
@Controller('sources')
export class SourcesController {
  constructor(
    private readonly sources: SourceService,
    private readonly orders: SourceOrders,
    private readonly runs: SourceRuns,
    private readonly access: AccessService,
  ) {}

  /** The folders and buckets that are pulled. */
  @Get()
  @Access({ signedIn: true })
  @ApiOkResponse({ standardSchema: pageOf(sourceSchema) })
  async list(
    @Query({ schema: sourceListQuery }) query: z.infer<typeof sourceListQuery>,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
  ): Promise<Page<SourceResponse>> {
    const { sources, count } = await this.sources.list({
      customerIds: await this.access.visibleCustomerIds(principal, query.customerId),
      datasetId: query.datasetId,
      kind: query.kind,
      pattern: query.search === undefined ? undefined : likePattern(query.search),
      ordering: orderingOf(query.ordering, ['name', 'createdAt'], 'name'),
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    const latest = await this.runs.latest(sources.map(({ source }) => source.id));
    const results = sources.map((view) => toSource(view, latest.get(view.source.id)));
    return toPage(results, count, query, request.originalUrl);
  }

  /**
   * A folder or part of a bucket of which everything new and changed becomes uploads of a dataset: at its times, and when
   * it is told to. A `bundle` is pulled every 55 minutes and mirrored unless told otherwise.
   */
  @Post()
  @HttpCode(HttpStatus.CREATED)
  @Access({ role: 'analyst', of: 'customer', param: 'customerId', in: 'body' })
  @ApiCreatedResponse({ standardSchema: sourceSchema })
  async create(
    @Body({ schema: newSourceBody }) body: z.infer<typeof newSourceBody>,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SourceResponse> {
    const publishTo = placeOf(body.publishTo, body.kind === 's3');
    const source = await this.sources.create({ ...body, publishTo }, actorOf(principal));
    setLocation(response, `/sources/${source.id}`);
    return this.shown(source);
  }

  /** One source, with its next time and its last run. */
  @Get(':sourceId')
  @Access({ role: 'viewer', of: 'source', param: 'sourceId' })
  @ApiOkResponse({ standardSchema: sourceSchema })
  async get(@Param('sourceId') id: string): Promise<SourceResponse> {
    return this.shown(await this.sources.get(id));
  }

  /** Some of what can be changed, `paused` among it: a paused source is pulled on demand alone. */
  @Patch(':sourceId')
  @Access({ role: 'analyst', of: 'source', param: 'sourceId' })
  @ApiOkResponse({ standardSchema: sourceSchema })
  async update(
    @Param('sourceId') id: string,
    @Body({ schema: sourceChangeBody }) { publishTo, ...rest }: z.infer<typeof sourceChangeBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SourceResponse> {
    const { kind } = await this.sources.get(id);
    const place = placeOf(publishTo, kind === 's3');
    const changes = givenFields({ ...rest, publishTo: place });
    return this.shown(await this.sources.change(id, changes, actorOf(principal)));
  }

  /** What it has taken stays. */
  @Delete(':sourceId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access({ role: 'analyst', of: 'source', param: 'sourceId' })
  @ApiNoContentResponse()
  async remove(@Param('sourceId') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.sources.remove(id, actorOf(principal));
  }

  /** Pulls it now. Where it is being pulled already, the task is the one that does. */
  @Post(':sourceId/sync')
  @HttpCode(HttpStatus.ACCEPTED)
  @Access({ role: 'analyst', of: 'source', param: 'sourceId' })
  @ApiAcceptedResponse({ standardSchema: startedSync })
  async sync(
    @Param('sourceId') id: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.infer<typeof startedSync>> {
    const task = await this.orders.request(await this.sources.get(id), actorOf(principal));
    setLocation(response, `/tasks/${task.id}`);
    return { task: toTaskResponse(task) };
  }

  /** What each run took and skipped, and why; the latest first. */
  @Get(':sourceId/runs')
  @Access({ role: 'viewer', of: 'source', param: 'sourceId' })
  @ApiOkResponse({ standardSchema: pageOf(runSchema) })
  async history(
    @Param('sourceId') id: string,
    @Query({ schema: runListQuery }) query: z.infer<typeof runListQuery>,
    @Req() request: Request,
  ): Promise<Page<RunResponse>> {
    const { runs, count } = await this.runs.list(id, (query.page - 1) * query.pageSize, query.pageSize);
    return toPage(runs.map(toRun), count, query, request.originalUrl);
  }

  private async shown(source: SourceEntity): Promise<SourceResponse> {
    const latest = await this.runs.latest([source.id]);
    return toSource(await this.sources.view(source), latest.get(source.id));
  }
}
