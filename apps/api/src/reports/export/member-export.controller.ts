import { pipeline } from 'node:stream/promises';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import { MEMBER_FORMATS, MemberExport, type MemberFormat, ReportService } from '@app/reports';
import type { Request, Response } from 'express';
import { Access } from '../../access/index.js';
import { parseExportQuery } from './export-query.js';

const MEDIA_TYPES: Record<MemberFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

@ApiTags('Reports')
@Controller('reports')
export class MemberExportController {
  constructor(
    private readonly reports: ReportService,
    private readonly members: MemberExport,
  ) {}

  /**
   * Members with segment and features as a file, sorted by shopperId: all, or those of one segment, or those that the
   * filters leave. Their number is in `X-Row-Count`, the SHA-256 of the file in `X-Content-SHA256` (hexadecimal) and
   * `Repr-Digest` (RFC 9530). With `hashedEmail=true` the SHA-256 of e-mail addresses, trimmed and in lower case,
   * stands in place of the ids. In CSV, texts that a spreadsheet would take for a formula begin with `'`.
   */
  @Get(':reportId/export')
  @Access({ role: 'viewer', of: 'report', param: 'reportId' })
  @ApiQuery({
    name: 'format',
    required: false,
    schema: { type: 'string', enum: [...MEMBER_FORMATS], default: 'csv' },
  })
  @ApiQuery({ name: 'segment', required: false, schema: { type: 'integer' }, description: 'Its index' })
  @ApiQuery({ name: 'hashedEmail', required: false, schema: { type: 'boolean', default: false } })
  @ApiQuery({
    name: 'filter',
    required: false,
    style: 'deepObject',
    explode: true,
    schema: { type: 'object', additionalProperties: true },
    description: '`filter[feature]=value`, `filter[feature][gte]=value`',
  })
  @ApiProduces(...Object.values(MEDIA_TYPES).map((type) => type.replace(/;.*/, '')))
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async export(
    @Param('reportId') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const report = await this.reports.get(id);
    const search = new URL(request.originalUrl, 'http://host').searchParams;
    const query = parseExportQuery(search, report.params.features);
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    try {
      const { rowCount, sizeBytes, sha256, content } = await this.members.write(
        report,
        query,
        leaving.signal,
      );
      response
        .attachment(`report-${report.id}.${query.format}`)
        .type(MEDIA_TYPES[query.format])
        .setHeader('X-Row-Count', rowCount)
        .setHeader('X-Content-SHA256', sha256.toString('hex'))
        .setHeader('Repr-Digest', `sha-256=:${sha256.toString('base64')}:`)
        .setHeader('Content-Length', sizeBytes);
      await pipeline(content, response);
    } catch (error) {
      // Whoever asked is gone; there is nobody to answer.
      if (!leaving.signal.aborted) throw error;
    }
  }
}
