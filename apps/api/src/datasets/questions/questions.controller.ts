import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import { DatasetService } from '@app/datasets';
import type { CountedValue } from '@app/frames';
import type { Request, Response } from 'express';
import { Access } from '../../access/index.js';
import { type Page, toPage } from '../../http/listing.js';
import { Question } from '../../http/question.guard.js';
import { ApiFilters, ApiPage } from './query-parameters.js';
import { STATS_PAGE, VALUES_PAGE } from './question-query.js';
import { QuestionReader } from './question-reader.js';
import { type StatsResponse, statsSchema, valuesPage } from './question.response.js';

const NOTHING_FOUND = 'Filter returned no objects';

/** The query as it was sent: column names may hold what query parsers take for structure. */
export const searchOf = (request: Request): URLSearchParams =>
  new URL(request.originalUrl, 'http://host').searchParams;

@ApiTags('Datasets')
@Controller('datasets')
export class QuestionsController {
  constructor(
    private readonly datasets: DatasetService,
    private readonly reader: QuestionReader,
  ) {}

  /**
   * Figures of columns over the rows that match: exact, `stddev` that of the sample, quantiles interpolated linearly.
   * With `groupBy` the same by group, the largest group first, a page of them at a time. Texts in `min` and `max` are
   * cut to 64 bytes.
   */
  @Get(':datasetId/stats')
  @Question()
  @Access({ role: 'viewer', of: 'dataset', param: 'datasetId' })
  @ApiQuery({
    name: 'column',
    required: false,
    type: 'string',
    description: 'Names, comma-separated or repeated; all numeric columns without it',
  })
  @ApiQuery({
    name: 'groupBy',
    required: false,
    type: 'string',
    description: 'Names, comma-separated or repeated; `page` and `pageSize` are then those of the groups',
  })
  @ApiPage(STATS_PAGE.default, STATS_PAGE.max)
  @ApiFilters()
  @ApiOkResponse({ standardSchema: statsSchema })
  async stats(
    @Param('datasetId') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StatsResponse> {
    const { value, hit } = await this.reader.askStats(await this.datasets.get(id), searchOf(request));
    response.setHeader('X-Cache', hit ? 'hit' : 'miss');
    const { count, filters, ...figures } = value;
    return { count, filters, ...figures, ...(count === 0 && { message: NOTHING_FOUND }) };
  }

  /** The distinct values of a column with the number of rows that have each, the most frequent first; null is one. */
  @Get(':datasetId/values')
  @Question()
  @Access({ role: 'viewer', of: 'dataset', param: 'datasetId' })
  @ApiQuery({ name: 'column', required: true, type: 'string' })
  @ApiQuery({
    name: 'search',
    required: false,
    type: 'string',
    description: 'Only values that hold this, whatever the case',
  })
  @ApiQuery({
    name: 'ordering',
    required: false,
    schema: { type: 'string', enum: ['count', '-count', 'value', '-value'], default: '-count' },
  })
  @ApiPage(VALUES_PAGE.default, VALUES_PAGE.max)
  @ApiFilters()
  @ApiOkResponse({ standardSchema: valuesPage })
  async values(
    @Param('datasetId') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<CountedValue>> {
    const dataset = await this.datasets.get(id);
    const { value, hit, ...page } = await this.reader.askValues(dataset, searchOf(request));
    response.setHeader('X-Cache', hit ? 'hit' : 'miss');
    return toPage(value.values, value.count, page, request.originalUrl);
  }
}
