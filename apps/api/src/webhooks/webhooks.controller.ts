import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type WebhookEntity, WebhookService } from '@app/webhooks';
import type { Request, Response } from 'express';
import { Access, AccessService, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { givenFields } from '../http/given-fields.js';
import { likePattern, orderingOf, type Page, toPage } from '../http/listing.js';
import {
  type NewWebhookBody,
  newWebhookBody,
  toWebhookResponse,
  type WebhookChangesBody,
  webhookChangesBody,
  type WebhookListQuery,
  webhookListQuery,
  webhookPage,
  type WebhookResponse,
  webhookResponse,
  type WebhookWithSecret,
  webhookWithSecret,
} from './webhook.schemas.js';

/** Addresses that are told of what happens at a customer, by signed POST after Standard Webhooks. */
@ApiTags('Webhooks')
@Controller('webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhookService,
    private readonly access: AccessService,
  ) {}

  /** The webhooks of the customers the caller owns. */
  @Get()
  @Access({ signedIn: true })
  @ApiOkResponse({ standardSchema: webhookPage })
  async list(
    @Query({ schema: webhookListQuery }) query: WebhookListQuery,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
  ): Promise<Page<WebhookResponse>> {
    const { webhooks, count } = await this.webhooks.list({
      customerIds: await this.access.visibleCustomerIds(principal, query.customerId, 'owner'),
      pattern: query.search === undefined ? undefined : likePattern(query.search),
      ordering: orderingOf(query.ordering, ['url', 'createdAt'], '-createdAt'),
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    return toPage(webhooks.map(toWebhookResponse), count, query, request.originalUrl);
  }

  /** Name an address. Its secret is shown this once. */
  @Post()
  @Access({ role: 'owner', of: 'customer', param: 'customerId', in: 'body' })
  @ApiCreatedResponse({ standardSchema: webhookWithSecret })
  async create(
    @Body({ schema: newWebhookBody }) { customerId, ...fields }: NewWebhookBody,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WebhookWithSecret> {
    const webhook = await this.webhooks.create(customerId, fields, actorOf(principal));
    return withSecret(webhook, response);
  }

  /** One webhook. */
  @Get(':webhookId')
  @Access({ role: 'owner', of: 'webhook', param: 'webhookId' })
  @ApiOkResponse({ standardSchema: webhookResponse })
  async get(@Param('webhookId') webhookId: string): Promise<WebhookResponse> {
    return toWebhookResponse(await this.webhooks.get(webhookId));
  }

  /** Change its address, events or description, or switch it off and on. */
  @Patch(':webhookId')
  @Access({ role: 'owner', of: 'webhook', param: 'webhookId' })
  @ApiOkResponse({ standardSchema: webhookResponse })
  async update(
    @Param('webhookId') webhookId: string,
    @Body({ schema: webhookChangesBody }) body: WebhookChangesBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<WebhookResponse> {
    return toWebhookResponse(await this.webhooks.update(webhookId, givenFields(body), actorOf(principal)));
  }

  /** Delete a webhook: nothing is sent to it any more. */
  @Delete(':webhookId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access({ role: 'owner', of: 'webhook', param: 'webhookId' })
  @ApiNoContentResponse()
  async remove(
    @Param('webhookId') webhookId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.webhooks.delete(webhookId, actorOf(principal));
  }

  /** A new secret, shown this once; the one before signs beside it for a day. */
  @Post(':webhookId/rotate-secret')
  @HttpCode(HttpStatus.OK)
  @Access({ role: 'owner', of: 'webhook', param: 'webhookId' })
  @ApiOkResponse({ standardSchema: webhookWithSecret })
  async rotateSecret(
    @Param('webhookId') webhookId: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WebhookWithSecret> {
    return withSecret(await this.webhooks.rotateSecret(webhookId, actorOf(principal)), response);
  }
}

function withSecret(webhook: WebhookEntity, response: Response): WebhookWithSecret {
  response.setHeader('Cache-Control', 'no-store');
  return { ...toWebhookResponse(webhook), secret: webhook.secret };
}
