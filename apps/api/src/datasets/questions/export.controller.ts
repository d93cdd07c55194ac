import { pipeline } from 'node:stream/promises';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import { DatasetService, noData } from '@app/datasets';
import { EXPORT_FORMATS, type ExportFormat, FrameExport } from '@app/frames';
import type { Request, Response } from 'express';
import { Access } from '../../access/index.js';
import { ApiFilters } from './query-parameters.js';
import { parseExportQuery } from './question-query.js';
import { namesOf } from './question-reader.js';
import { searchOf } from './questions.controller.js';

const MEDIA_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

@ApiTags('Datasets')
@Controller('datasets')
export class ExportController {
  constructor(
    private readonly datasets: DatasetService,
    private readonly exports: FrameExport,
  ) {}

  /**
   * All rows that match, in the order of uploads and rows, as a file; their number is in `X-Row-Count`. In CSV, texts that a
   * spreadsheet would take for a formula begin with `'`, unless `raw=true`. Times are in UTC. Columns have the dataset's
   * names: `columnN` where the header was empty, ` (2)`… after repeated ones; in Parquet names that differ in case alone
   * are repeated ones as well.
   */
  @Get(':datasetId/export')
  @Access({ role: 'viewer', of: 'dataset', param: 'datasetId' })
  @ApiQuery({
    name: 'format',
    required: false,
    schema: { type: 'string', enum: [...EXPORT_FORMATS], default: 'csv' },
  })
  @ApiQuery({
    name: 'columns',
    required: false,
    type: 'string',
    description: 'Names, comma-separated or repeated',
  })
  @ApiQuery({ name: 'raw', required: false, schema: { type: 'boolean', default: false } })
  @ApiFilters()
  @ApiProduces(...Object.values(MEDIA_TYPES).map((type) => type.replace(/;.*/, '')))
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async export(
    @Param('datasetId') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const dataset = await this.datasets.get(id);
    const visible = await this.datasets.visibleSet(id);
    const query = parseExportQuery(searchOf(request), namesOf(visible));
    if (visible === null) throw noData();
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    if (response.destroyed) leaving.abort();
    try {
      const { rowCount, sizeBytes, content } = await this.exports.write(visible, query, leaving.signal);
      response
        .attachment(fileName(dataset.name, query.format))
        .type(MEDIA_TYPES[query.format])
        .setHeader('X-Row-Count', rowCount)
        .setHeader('Content-Length', sizeBytes);
      await pipeline(content, response);
    } catch (error) {
      // Whoever asked is gone; there is nobody to answer.
      if (!leaving.signal.aborted) throw error;
    }
  }
}

/** `attachment` takes what stands before a slash for a folder. */
const fileName = (name: string, format: ExportFormat): string =>
  `${name.replaceAll(/[\\/]/g, '-')}.${format}`;
