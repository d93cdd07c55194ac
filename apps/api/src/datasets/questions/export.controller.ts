import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import { type DatasetEntity, DatasetService, LinkedRows, noData } from '@app/datasets';
import {
  EXPORT_FORMATS,
  type ExportedTable,
  type ExportFormat,
  FrameExport,
  FrameNesting,
  type VisibleSet,
} from '@app/frames';
import type { Request, Response } from 'express';
import { Access } from '../../access/index.js';
import { asOf } from '../as-of.js';
import { columnsToSplit } from './linked-query.js';
import { ApiFilters, ApiLinks } from './query-parameters.js';
import { type ExportRequest, parseExportQuery } from './question-query.js';
import { namesOf } from './question-reader.js';
import { searchOf } from './questions.controller.js';
import { sendTable } from './send-table.js';

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
    private readonly links: LinkedRows,
    private readonly nesting: FrameNesting,
  ) {}

  /**
   * All rows that match, in the order of uploads and rows, as a file; their number is in `X-Row-Count`. In CSV, texts that a
   * spreadsheet would take for a formula begin with `'`, unless `raw=true`. Times are in UTC. Columns have the dataset's
   * names: `columnN` where the header was empty, ` (2)`… after repeated ones; in Parquet names that differ in case alone
   * are repeated ones as well. In JSON, `include` nests linked rows as in `rows`.
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
  @ApiLinks()
  @ApiQuery({
    name: 'nest',
    required: false,
    schema: { type: 'boolean', default: true },
    description: 'Linked rows can only be nested',
  })
  @ApiFilters()
  @ApiProduces(...Object.values(MEDIA_TYPES).map((type) => type.replace(/;.*/, '')))
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async export(
    @Param('datasetId') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const dataset = await this.datasets.get(id);
    const stored = await this.datasets.visibleSetOf(dataset);
    const { visible, search } = asOf(dataset, stored, searchOf(request));
    const query = parseExportQuery(search, namesOf(visible));
    if (visible === null || stored === null) throw noData();
    // What is computed may be asked for, but is no part of the data.
    if (visible !== stored) query.columns ??= stored.columns.map(({ name }) => name);
    const file = { name: fileName(dataset.name, query.format), mediaType: MEDIA_TYPES[query.format] };
    await sendTable(response, file, (signal) => this.write(dataset, visible, query, signal));
  }

  private async write(
    dataset: DatasetEntity,
    visible: VisibleSet,
    { include, split, format, ...query }: ExportRequest,
    signal: AbortSignal,
  ): Promise<ExportedTable> {
    const isPlain = include.length === 0 && split.length === 0;
    if (isPlain || (format !== 'json' && format !== 'ndjson')) {
      return this.exports.write(visible, { ...query, format }, signal);
    }
    const tree = await this.links.tree(dataset, visible, include);
    const lists = columnsToSplit(tree, split);
    return this.nesting.export(tree, { ...query, format, lists }, signal);
  }
}

/** `attachment` takes what stands before a slash for a folder. */
const fileName = (name: string, format: ExportFormat): string =>
  `${name.replaceAll(/[\\/]/g, '-')}.${format}`;
