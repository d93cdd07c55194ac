import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiKeyService } from '@app/customers';
import type { Request, Response } from 'express';
import { Access, AccessService, actorOf, CurrentPrincipal, type Principal, Tenant } from '../access/index.js';
import { likePattern, orderingOf, type Page, toPage } from '../http/listing.js';
import { idSchema } from '../http/validation.js';
import {
  type ApiKeyListQuery,
  apiKeyListQuery,
  apiKeyPage,
  type ApiKeyResponse,
  type NewApiKeyBody,
  newApiKeyBody,
  type NewApiKeyResponse,
  newApiKeyResponse,
  toApiKeyResponse,
} from './api-key.schemas.js';

/** Keys are made and revoked by people: a key that could make keys would outlive its own end. */
@ApiTags('API keys')
@Controller('api-keys')
export class ApiKeysController {
  constructor(
    private readonly apiKeys: ApiKeyService,
    private readonly access: AccessService,
  ) {}

  /** The keys of the customers the caller owns. */
  @Get()
  @Access({ signedIn: true, usersOnly: true })
  @ApiOkResponse({ standardSchema: apiKeyPage })
  async list(
    @Query({ schema: apiKeyListQuery }) query: ApiKeyListQuery,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
  ): Promise<Page<ApiKeyResponse>> {
    const { apiKeys, count } = await this.apiKeys.list({
      customerIds: await this.access.visibleCustomerIds(principal, query.customerId, 'owner'),
      pattern: query.search === undefined ? undefined : likePattern(query.search),
      ordering: orderingOf(query.ordering, ['name', 'createdAt'], '-createdAt'),
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    return toPage(apiKeys.map(toApiKeyResponse), count, query, request.originalUrl);
  }

  /** Make a key that acts with one role in one customer. The key is shown this once. */
  @Post()
  @Access({ role: 'owner', of: 'customer', param: 'customerId', in: 'body', usersOnly: true })
  @ApiCreatedResponse({ standardSchema: newApiKeyResponse })
  async create(
    @Body({ schema: newApiKeyBody }) body: NewApiKeyBody,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<NewApiKeyResponse> {
    const { apiKey, key } = await this.apiKeys.create(
      { ...body, createdBy: principal.userId },
      actorOf(principal),
    );
    response.setHeader('Cache-Control', 'no-store');
    return { ...toApiKeyResponse(apiKey), key };
  }

  /** Revoke a key: it stops working at once. */
  @Delete(':apiKeyId')
  @HttpCode(204)
  @Access({ role: 'owner', of: 'apiKey', param: 'apiKeyId', usersOnly: true })
  @ApiNoContentResponse()
  async revoke(
    @Param('apiKeyId', { schema: idSchema }) apiKeyId: string,
    @Tenant() customerId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.apiKeys.revoke(customerId, apiKeyId, actorOf(principal));
  }
}
