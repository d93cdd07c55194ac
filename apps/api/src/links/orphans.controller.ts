import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { LinkService } from '@app/datasets';
import type { Orphan } from '@app/frames';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Access } from '../access/index.js';
import { sendTable } from '../datasets/questions/send-table.js';
import { type Page, pageOf, toPage } from '../http/listing.js';
import { Question } from '../http/question.guard.js';
import { orphanSchema, orphansQuery } from './link.schemas.js';

const PAGE_CONTENT = {
  schema: z.toJSONSchema(pageOf(orphanSchema), { target: 'openapi-3.0' }) as object,
};
const FILE_CONTENT = { schema: { type: 'string', format: 'binary' } };

@ApiTags('Links')
@Controller('links')
export class OrphansController {
  constructor(private readonly links: LinkService) {}

  /**
   * The rows that point at something which is not there: a page of them, or with `format=csv` or `Accept: text/csv` all of
   * them with the columns of their dataset. In CSV, texts that a spreadsheet would take for a formula begin with `'`,
   * unless `raw=true`.
   */
  @Get(':linkId/orphans')
  @Question()
  @Access({ role: 'viewer', of: 'link', param: 'linkId' })
  @ApiOkResponse({ content: { 'application/json': PAGE_CONTENT, 'text/csv': FILE_CONTENT } })
  async orphans(
    @Param('linkId') id: string,
    @Query({ schema: orphansQuery }) query: z.infer<typeof orphansQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const link = await this.links.get(id);
    const format = query.format ?? (request.accepts('json', 'text/csv') === 'text/csv' ? 'csv' : 'json');
    if (format === 'csv') {
      const file = { name: `orphans-${id}.csv`, mediaType: 'text/csv; charset=utf-8' };
      await sendTable(response, file, (signal) =>
        this.links.exportOrphans(link, query.raw === 'true', signal),
      );
      return;
    }
    const { count, orphans } = await this.links.orphans(link, query);
    response.json(toPage(orphans, count, query, request.originalUrl) satisfies Page<Orphan>);
  }
}
