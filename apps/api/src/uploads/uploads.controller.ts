import { Readable } from 'node:stream';
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
  StreamableFile,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { AnswerCache } from '@app/cache';
import { FindingLists } from '@app/frames';
import { RemovalService, ReprocessingService, type UploadEntity, UploadService } from '@app/datasets';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Access, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { setLocation } from '../http/location.js';
import { toTaskResponse } from '../tasks/task.schemas.js';
import { listQuery, type Page, pageOf, toPage } from '../http/listing.js';
import { anomaliesAsCsv, type Anomaly, anomalySchema, toAnomalies } from './anomalies.js';
import { isGzipName } from './form-reception.js';
import { optionsOf, readingOptions } from './upload-form.js';
import { acceptedUploadSchema, toUpload, type UploadResponse, uploadSchema } from './upload.response.js';

const anomaliesQuery = z.strictObject({
  page: listQuery.page,
  pageSize: listQuery.pageSize,
  type: z.string().max(100).optional(),
  format: z.enum(['json', 'csv']).optional(),
});

const reprocessBody = readingOptions.default({});

const ANOMALIES_CONTENT = {
  schema: z.toJSONSchema(pageOf(anomalySchema), { target: 'openapi-3.0' }) as object,
};
const FILE_CONTENT = { schema: { type: 'string', format: 'binary' } };

@ApiTags('Uploads')
@Controller('uploads')
export class UploadsController {
  constructor(
    private readonly uploads: UploadService,
    private readonly removal: RemovalService,
    private readonly reprocessing: ReprocessingService,
    private readonly findings: FindingLists,
    private readonly answers: AnswerCache,
  ) {}

  /** One upload, with what its file turned out to hold. */
  @Get(':uploadId')
  @Access({ role: 'viewer', of: 'upload', param: 'uploadId' })
  @ApiOkResponse({ standardSchema: uploadSchema })
  async get(@Param('uploadId') id: string): Promise<UploadResponse> {
    return toUpload(await this.uploads.view(await this.uploads.get(id)));
  }

  /** Undoes an import: its rows are gone at once and what it hid is back. One still processing is cancelled. */
  @Delete(':uploadId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access({ role: 'analyst', of: 'upload', param: 'uploadId' })
  @ApiNoContentResponse()
  async remove(@Param('uploadId') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.removal.removeUpload(id, actorOf(principal));
  }

  /**
   * Reads the file again, with what is given here in place of what was given before. The dataset shows the reading it
   * has until the new one is there; where that fails, it goes on showing it.
   */
  @Post(':uploadId/reprocess')
  @HttpCode(HttpStatus.ACCEPTED)
  @Access({ role: 'analyst', of: 'upload', param: 'uploadId' })
  @ApiAcceptedResponse({ standardSchema: acceptedUploadSchema })
  async reprocess(
    @Param('uploadId') id: string,
    @Body({ schema: reprocessBody }) body: z.infer<typeof reprocessBody>,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.infer<typeof acceptedUploadSchema>> {
    const { upload, task } = await this.reprocessing.request(id, optionsOf(body), actorOf(principal));
    setLocation(response, `/tasks/${task.id}`);
    return { upload: toUpload(await this.uploads.view(upload)), task: toTaskResponse(task) };
  }

  /** The original bytes. */
  @Get(':uploadId/file')
  @Access({ role: 'viewer', of: 'upload', param: 'uploadId' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ content: { 'text/csv': FILE_CONTENT } })
  async file(
    @Param('uploadId') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const upload = await this.uploads.get(id);
    const bytes = await this.uploads.open(upload);
    const { fileName, encoding, sizeBytes } = upload;
    const file = { name: fileName, encoding, length: sizeBytes };
    return download(response, bytes, isGzipName(fileName) ? { ...file, type: 'application/gzip' } : file);
  }

  /**
   * Everything that was found in the file, rejected records included: a page of it, or with `format=csv` or
   * `Accept: text/csv` all of it.
   */
  @Get(':uploadId/anomalies')
  @Access({ role: 'viewer', of: 'upload', param: 'uploadId' })
  @ApiOkResponse({ content: { 'application/json': ANOMALIES_CONTENT, 'text/csv': FILE_CONTENT } })
  async anomalies(
    @Param('uploadId') id: string,
    @Query({ schema: anomaliesQuery }) query: z.infer<typeof anomaliesQuery>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<Anomaly> | StreamableFile> {
    const upload = await this.uploads.get(id);
    const list = await this.uploads.findingList(upload);
    const format = query.format ?? (request.accepts('json', 'text/csv') === 'text/csv' ? 'csv' : 'json');
    if (format === 'csv') {
      const name = derivedName(upload, 'anomalies');
      const parts = list === null ? Readable.from([]) : this.findings.all(list, query.type);
      return download(response, anomaliesAsCsv(parts, upload.fileName), { name, encoding: 'utf-8' });
    }
    const { page, pageSize, type } = query;
    const { value } = await this.answers.wrap(
      {
        customerId: upload.customerId,
        kind: 'anomalies',
        version: `${upload.id}:${upload.revision}`,
        query: { page, pageSize, type },
      },
      async () => (list === null ? { count: 0, results: [] } : this.findings.page(list, query)),
    );
    const { count, results } = value;
    return toPage(toAnomalies(results, upload.fileName), count, query, request.originalUrl);
  }

  /** The rejected records under the original header, ready to be mended and sent again; empty where there are none. */
  @Get(':uploadId/rejects')
  @Access({ role: 'viewer', of: 'upload', param: 'uploadId' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ content: { 'text/csv': FILE_CONTENT } })
  async rejects(
    @Param('uploadId') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const upload = await this.uploads.get(id);
    const rejects = await this.uploads.openRejects(upload);
    const { encoding } = upload;
    return download(response, rejects ?? Readable.from([]), {
      name: derivedName(upload, 'rejects'),
      encoding,
    });
  }
}

const derivedName = ({ fileName }: UploadEntity, what: string): string =>
  `${fileName.replace(/\.gz$/i, '').replace(/\.[^.]*$/, '')}-${what}.csv`;

/** `attachment` writes the name as RFC 6266 has it. */
function download(
  response: Response,
  bytes: Readable,
  { name, encoding, length, type }: { name: string; encoding: string | null; length?: number; type?: string },
): StreamableFile {
  response.attachment(name);
  const text = encoding === null ? 'text/csv' : `text/csv; charset=${encoding}`;
  response.setHeader('Content-Type', type ?? text);
  return new StreamableFile(bytes, length === undefined ? {} : { length });
}
