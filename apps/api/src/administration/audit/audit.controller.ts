import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditReader } from '@app/audit';
import type { Request } from 'express';
import { Access } from '../../access/index.js';
import { likePattern, orderingOf, type Page, toPage } from '../../http/listing.js';
import {
  type AuditEntryResponse,
  auditPage,
  type AuditQuery,
  auditQuery,
  toAuditEntry,
} from './audit.response.js';

@ApiTags('Administration')
@Controller('admin/audit')
@Access({ administrator: true })
export class AuditController {
  constructor(private readonly audit: AuditReader) {}

  /** Who did what, the newest first. Ordered by `at`, which may also be called `createdAt`. */
  @Get()
  @ApiOkResponse({ standardSchema: auditPage })
  async list(
    @Query({ schema: auditQuery }) query: AuditQuery,
    @Req() request: Request,
  ): Promise<Page<AuditEntryResponse>> {
    const { page, pageSize, search, ordering, ...filter } = query;
    const { direction } = orderingOf(ordering, ['at', 'createdAt'], '-at');
    const { entries, count } = await this.audit.list(
      { ...filter, pattern: search === undefined ? undefined : likePattern(search) },
      { direction, skip: (page - 1) * pageSize, take: pageSize },
    );
    return toPage(entries.map(toAuditEntry), count, query, request.originalUrl);
  }
}
