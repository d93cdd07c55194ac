import { Controller, Get, HttpCode, HttpStatus, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { SETTINGS, type Settings } from '@app/config';
import {
  type DatasetEntity,
  DatasetService,
  TrialService,
  UPLOAD_MODES,
  UPLOAD_STATUSES,
  UploadIntake,
  UploadService,
} from '@app/datasets';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Access, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { likePattern, listQuery, orderingOf, type Page, pageOf, toPage } from '../http/listing.js';
import { setLocation } from '../http/location.js';
import { toTaskResponse } from '../tasks/task.schemas.js';
import { uploadFields, UploadForms } from '../uploads/upload-form.js';
import { toTrial, type TrialResponse, trialSchema } from '../uploads/trial.response.js';
import {
  acceptedUploadSchema,
  toUpload,
  type UploadResponse,
  uploadSchema,
} from '../uploads/upload.response.js';
import { dryRunQuery, READING_PROPERTIES } from './dataset.request.js';
import { keyColumnsOf } from './key-columns.js';

const uploadListQuery = z.strictObject({ ...listQuery, status: z.enum(UPLOAD_STATUSES).optional() });

@ApiTags('Uploads')
@Controller('datasets/:datasetId/uploads')
export class DatasetUploadsController {
  constructor(
    private readonly datasets: DatasetService,
    private readonly uploads: UploadService,
    private readonly intake: UploadIntake,
    private readonly forms: UploadForms,
    private readonly trials: TrialService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Send a further file: its rows are added (`append`), take the place of all earlier ones (`replace`, `mirror`), or of
   * those with the same key (`upsert`). `mirror` tells by key what changed. With `dryRun=true` the answer tells what
   * would happen, and nothing is kept.
   */
  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @Access({ role: 'analyst', of: 'dataset', param: 'datasetId' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: {
        mode: { type: 'string', enum: [...UPLOAD_MODES], default: 'append' },
        keyColumns: {
          type: 'string',
          description:
            'Of upsert and mirror: names of the columns that make the key, comma-separated or as JSON array',
        },
        ...READING_PROPERTIES,
      },
    },
  })
  @ApiOkResponse({ standardSchema: trialSchema, description: 'With dryRun=true' })
  @ApiAcceptedResponse({ standardSchema: acceptedUploadSchema })
  async add(
    @Param('datasetId') id: string,
    @Query({ schema: dryRunQuery }) { dryRun }: z.infer<typeof dryRunQuery>,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.infer<typeof acceptedUploadSchema> | TrialResponse> {
    const dataset = await this.datasets.get(id);
    if (dryRun === 'true') {
      response.status(HttpStatus.OK);
      return this.tryOut(dataset, request);
    }
    const { upload, task } = await this.forms.receive(
      request,
      { fields: uploadFields },
      ({ fields, file, names }) => {
        const received = { ...file, mode: fields.mode, keyColumns: keyColumnsOf(fields, names) };
        return this.intake.acceptFor(dataset, received, actorOf(principal));
      },
    );
    setLocation(response, `/tasks/${task.id}`);
    return { upload: toUpload({ upload, revision: null }), task: toTaskResponse(task) };
  }

  private tryOut(dataset: DatasetEntity, request: Request): Promise<TrialResponse> {
    const maxBytes = this.settings.files.maxDryRunBytes;
    return this.forms.receive(request, { fields: uploadFields, maxBytes }, async ({ fields, ...form }) => {
      const { mode } = fields;
      const received = { ...form.file, mode, keyColumns: keyColumnsOf(fields, form.names) };
      return toTrial(await this.trials.run(dataset, received), form);
    });
  }

  /** The dataset's uploads, those that failed or were cancelled included. */
  @Get()
  @Access({ role: 'viewer', of: 'dataset', param: 'datasetId' })
  @ApiOkResponse({ standardSchema: pageOf(uploadSchema) })
  async list(
    @Param('datasetId') datasetId: string,
    @Query({ schema: uploadListQuery }) query: z.infer<typeof uploadListQuery>,
    @Req() request: Request,
  ): Promise<Page<UploadResponse>> {
    const { uploads, count } = await this.uploads.list({
      datasetId,
      status: query.status,
      pattern: query.search === undefined ? undefined : likePattern(query.search),
      ordering: orderingOf(query.ordering, ['ordinal', 'createdAt', 'fileName', 'status'], 'ordinal'),
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    return toPage(uploads.map(toUpload), count, query, request.originalUrl);
  }
}
