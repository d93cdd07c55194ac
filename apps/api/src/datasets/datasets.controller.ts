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
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import { type DatasetChange, DatasetService, RemovalService } from '@app/datasets';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Access, AccessService, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { likePattern, orderingOf, type Page, pageOf, toPage } from '../http/listing.js';
import { setLocation } from '../http/location.js';
import { type TrialResponse, trialSchema } from '../uploads/trial.response.js';
import { DatasetCreation, type StartedDataset, startedDatasetSchema } from './dataset-creation.js';
import {
  datasetChangeSchema,
  datasetListQuery,
  datasetReplacementSchema,
  dryRunQuery,
  NEW_DATASET_BODY,
} from './dataset.request.js';
import { type DatasetResponse, datasetSchema, toDataset } from './dataset.response.js';

@ApiTags('Datasets')
@Controller('datasets')
export class DatasetsController {
  constructor(
    private readonly datasets: DatasetService,
    private readonly removal: RemovalService,
    private readonly creation: DatasetCreation,
    private readonly access: AccessService,
  ) {}

  /** The datasets of one customer, or of all customers whose data the caller may see. */
  @Get()
  @Access({ signedIn: true })
  @ApiOkResponse({ standardSchema: pageOf(datasetSchema) })
  async list(
    @Query({ schema: datasetListQuery }) query: z.infer<typeof datasetListQuery>,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
  ): Promise<Page<DatasetResponse>> {
    const { datasets, count } = await this.datasets.list({
      customerIds: await this.access.visibleCustomerIds(principal, query.customerId),
      storeId: query.storeId,
      kind: query.kind,
      pattern: query.search === undefined ? undefined : likePattern(query.search),
      ordering: orderingOf(query.ordering, ['name', 'kind', 'createdAt', 'updatedAt'], 'name'),
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    return toPage(datasets.map(toDataset), count, query, request.originalUrl);
  }

  /**
   * An empty dataset (JSON, 201), or one that begins with a file (form, 202). With `dryRun=true` the answer to a form
   * tells what loading it would give (200), and nothing is kept.
   */
  @Post()
  @Access({ signedIn: true })
  @ApiConsumes('application/json', 'multipart/form-data')
  @ApiBody({ schema: NEW_DATASET_BODY })
  @ApiOkResponse({ standardSchema: trialSchema, description: 'With dryRun=true' })
  @ApiCreatedResponse({ standardSchema: datasetSchema })
  @ApiAcceptedResponse({ standardSchema: startedDatasetSchema })
  async create(
    @Query({ schema: dryRunQuery }) { dryRun }: z.infer<typeof dryRunQuery>,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DatasetResponse | StartedDataset | TrialResponse> {
    if (request.is('application/json')) {
      const dataset = await this.creation.empty(request.body, principal);
      setLocation(response, `/datasets/${dataset.id}`);
      return dataset;
    }
    if (dryRun === 'true') {
      response.status(HttpStatus.OK);
      return this.creation.tryOut(request, principal);
    }
    const started = await this.creation.withFile(request, principal);
    response.status(HttpStatus.ACCEPTED);
    setLocation(response, `/tasks/${started.task.id}`);
    return started;
  }

  /** One dataset, with the columns and counts that its readers see. */
  @Get(':datasetId')
  @Access({ role: 'viewer', of: 'dataset', param: 'datasetId' })
  @ApiOkResponse({ standardSchema: datasetSchema })
  async get(@Param('datasetId') id: string): Promise<DatasetResponse> {
    return toDataset(await this.datasets.view(await this.datasets.get(id)));
  }

  /** Everything that can be changed; what is absent falls back to its default, but a mapping stays. */
  @Put(':datasetId')
  @Access({ role: 'analyst', of: 'dataset', param: 'datasetId' })
  @ApiOkResponse({ standardSchema: datasetSchema })
  replace(
    @Param('datasetId') id: string,
    @Body({ schema: datasetReplacementSchema }) body: z.infer<typeof datasetReplacementSchema>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<DatasetResponse> {
    return this.change(id, body, principal);
  }

  /** Some of what can be changed. Roles in `mapping` replace all roles, those that were proposed included. */
  @Patch(':datasetId')
  @Access({ role: 'analyst', of: 'dataset', param: 'datasetId' })
  @ApiOkResponse({ standardSchema: datasetSchema })
  update(
    @Param('datasetId') id: string,
    @Body({ schema: datasetChangeSchema }) body: z.infer<typeof datasetChangeSchema>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<DatasetResponse> {
    return this.change(id, body, principal);
  }

  /** Soft; its uploads no longer count as present, so that the same files may be uploaded again. */
  @Delete(':datasetId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access({ role: 'analyst', of: 'dataset', param: 'datasetId' })
  @ApiNoContentResponse()
  async remove(@Param('datasetId') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.removal.removeDataset(id, actorOf(principal));
  }

  private async change(id: string, change: DatasetChange, principal: Principal): Promise<DatasetResponse> {
    return toDataset(await this.datasets.view(await this.datasets.change(id, change, actorOf(principal))));
  }
}
