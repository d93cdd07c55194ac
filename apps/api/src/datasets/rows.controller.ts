import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import { DatasetService } from '@app/datasets';
import type { NestedRow } from '@app/frames';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Access } from '../access/index.js';
import { type Page, pageOf, toPage } from '../http/listing.js';
import { Question } from '../http/question.guard.js';
import { ApiFilters, ApiLinks } from './questions/query-parameters.js';
import { RowReader } from './row-reader.js';

const cell = z.union([z.string(), z.number(), z.boolean()]);
const rowsSchema = pageOf(
  z.record(
    z.string(),
    /** With `split` lists of texts; with `include` the linked row, or a list of those that point here. */
    z
      .union([
        cell,
        z.record(z.string(), z.unknown()),
        z.array(z.union([z.string(), z.record(z.string(), z.unknown())])),
      ])
      .nullable(),
  ),
);

@ApiTags('Datasets')
@Controller('datasets')
export class RowsController {
  constructor(
    private readonly datasets: DatasetService,
    private readonly reader: RowReader,
  ) {}

  /**
   * The dataset's rows, one object a row; whole numbers beyond ±(2^53−1) are strings. With `include` each row has what
   * is linked to it under the link's name, or its id where it has none: the row it points at (the first, where several
   * have that value) or null; where the dataset is pointed at, a list of all rows that do.
   */
  @Get(':datasetId/rows')
  @Question()
  @Access({ role: 'viewer', of: 'dataset', param: 'datasetId' })
  @ApiQuery({ name: 'page', required: false, schema: { type: 'integer', minimum: 1, default: 1 } })
  @ApiQuery({
    name: 'pageSize',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 20 },
  })
  @ApiQuery({ name: 'columns', required: false, type: 'string', description: 'Names, comma-separated' })
  @ApiQuery({
    name: 'ordering',
    required: false,
    type: 'string',
    description: 'Names, comma-separated, with a leading - for descending',
  })
  @ApiLinks()
  @ApiFilters()
  @ApiOkResponse({ standardSchema: rowsSchema })
  async rows(
    @Param('datasetId') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<NestedRow>> {
    const search = new URL(request.originalUrl, 'http://host').searchParams;
    const { rows, count, query, hit } = await this.reader.read(await this.datasets.get(id), search);
    response.setHeader('X-Cache', hit ? 'hit' : 'miss');
    return toPage(rows, count, query, request.originalUrl);
  }
}
