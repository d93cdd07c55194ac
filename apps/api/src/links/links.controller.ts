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
} from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { LinkService } from '@app/datasets';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Access, AccessService, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { type Page, pageOf, toPage } from '../http/listing.js';
import { setLocation } from '../http/location.js';
import { linkListQuery, type LinkResponse, linkSchema, newLinkBody, toLink } from './link.schemas.js';

@ApiTags('Links')
@Controller('links')
export class LinksController {
  constructor(
    private readonly links: LinkService,
    private readonly access: AccessService,
  ) {}

  /** Links between datasets, with how well the rows of one find those of the other in the data as it is now. */
  @Get()
  @Access({ signedIn: true })
  @ApiOkResponse({ standardSchema: pageOf(linkSchema) })
  async list(
    @Query({ schema: linkListQuery }) query: z.infer<typeof linkListQuery>,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
  ): Promise<Page<LinkResponse>> {
    const { links, count } = await this.links.list({
      customerIds: await this.access.visibleCustomerIds(principal, query.customerId),
      datasetId: query.datasetId,
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    return toPage(links.map(toLink), count, query, request.originalUrl);
  }

  /**
   * Link two datasets of a customer: rows of the first point at rows of the second by equal values. Numbers and texts meet
   * by the text that answers show.
   */
  @Post()
  @HttpCode(HttpStatus.CREATED)
  @Access({ role: 'analyst', of: 'dataset', param: 'fromDatasetId', in: 'body' })
  @ApiCreatedResponse({ standardSchema: linkSchema })
  async create(
    @Body({ schema: newLinkBody }) body: z.infer<typeof newLinkBody>,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LinkResponse> {
    const link = await this.links.create(body, actorOf(principal));
    setLocation(response, `/links/${link.id}`);
    return toLink(await this.links.view(link));
  }

  /** One link. */
  @Get(':linkId')
  @Access({ role: 'viewer', of: 'link', param: 'linkId' })
  @ApiOkResponse({ standardSchema: linkSchema })
  async get(@Param('linkId') id: string): Promise<LinkResponse> {
    return toLink(await this.links.view(await this.links.get(id)));
  }

  /** The data of both sides stays as it is. */
  @Delete(':linkId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access({ role: 'analyst', of: 'link', param: 'linkId' })
  @ApiNoContentResponse()
  async remove(@Param('linkId') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.links.remove(id, actorOf(principal));
  }
}
