import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type AuditFilter, AuditReader } from '@app/audit';
import type { Request } from 'express';
import { Access } from '../../access/index.js';
import { likePattern, orderingOf, type Page, toPage } from '../../http/listing.js';
import { AuditNames } from './audit-names.js';
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
  constructor(
    private readonly audit: AuditReader,
    private readonly names: AuditNames,
  ) {}

  /**
   * Who did what, the newest first. Ordered by `at`, which may also be called `createdAt`. `search` looks at the action, the
   * resource's id, the address and at the name and e-mail address of who did it.
   */
  @Get()
  @ApiOkResponse({ standardSchema: auditPage })
  async list(
    @Query({ schema: auditQuery }) query: AuditQuery,
    @Req() request: Request,
  ): Promise<Page<AuditEntryResponse>> {
    const { page, pageSize, search, ordering, ...filter } = query;
    const { direction } = orderingOf(ordering, ['at', 'createdAt'], '-at');
    const { entries, count } = await this.audit.list(
      { ...filter, ...(search !== undefined && (await this.searchOf(search))) },
      { direction, skip: (page - 1) * pageSize, take: pageSize },
    );
    const names = await this.names.of(entries);
    const shown = entries.map((entry) => toAuditEntry(entry, names));
    return toPage(shown, count, query, request.originalUrl);
  }

  private async searchOf(search: string): Promise<Pick<AuditFilter, 'pattern' | 'people'>> {
    const pattern = likePattern(search);
    return { pattern, people: await this.names.people(pattern) };
  }
}
