import { Controller, Get, HttpCode, HttpStatus, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Deliveries, type DeliveryEntity } from '@app/notifications';
import { notFound } from '@app/problems';
import type { TaskEntity } from '@app/tasks';
import { WebhookService } from '@app/webhooks';
import type { Request, Response } from 'express';
import { validate as isUuid } from 'uuid';
import { Access, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { orderingOf, type Page, toPage } from '../http/listing.js';
import { setLocation } from '../http/location.js';
import { toTaskResponse } from '../tasks/task.schemas.js';
import {
  type DeliveryListQuery,
  deliveryListQuery,
  deliveryPage,
  type DeliveryResponse,
  orderedDelivery,
  type OrderedDelivery,
  toDeliveryResponse,
} from './webhook.schemas.js';

/** What was sent to a webhook, and what it answered. */
@ApiTags('Webhooks')
@Controller('webhooks/:webhookId')
export class DeliveriesController {
  constructor(
    private readonly webhooks: WebhookService,
    private readonly deliveries: Deliveries,
  ) {}

  /** Deliveries with all attempts, the newest first. */
  @Get('deliveries')
  @Access({ role: 'owner', of: 'webhook', param: 'webhookId' })
  @ApiOkResponse({ standardSchema: deliveryPage })
  async list(
    @Param('webhookId') webhookId: string,
    @Query({ schema: deliveryListQuery }) query: DeliveryListQuery,
    @Req() request: Request,
  ): Promise<Page<DeliveryResponse>> {
    const { direction } = orderingOf(query.ordering, ['createdAt'], '-createdAt');
    const { deliveries, count } = await this.deliveries.list({
      webhookId,
      status: query.status,
      direction,
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    return toPage(deliveries.map(toDeliveryResponse), count, query, request.originalUrl);
  }

  /** Send a delivery once more, under the same id. */
  @Post('deliveries/:deliveryId/replay')
  @HttpCode(HttpStatus.ACCEPTED)
  @Access({ role: 'owner', of: 'webhook', param: 'webhookId' })
  @ApiAcceptedResponse({ standardSchema: orderedDelivery })
  async replay(
    @Param('webhookId') webhookId: string,
    @Param('deliveryId') deliveryId: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OrderedDelivery> {
    if (!isUuid(deliveryId)) throw notFound('delivery');
    return this.ordered(await this.deliveries.replay(webhookId, deliveryId), response);
  }

  /** Send a test message, as any other is sent. */
  @Post('test')
  @HttpCode(HttpStatus.ACCEPTED)
  @Access({ role: 'owner', of: 'webhook', param: 'webhookId' })
  @ApiAcceptedResponse({ standardSchema: orderedDelivery })
  async test(
    @Param('webhookId') webhookId: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OrderedDelivery> {
    return this.ordered(await this.webhooks.test(webhookId, actorOf(principal)), response);
  }

  private async ordered(
    { delivery, task }: { delivery: DeliveryEntity; task: TaskEntity },
    response: Response,
  ): Promise<OrderedDelivery> {
    const [listed] = await this.deliveries.withTypes([delivery]);
    if (listed === undefined) throw notFound('delivery');
    setLocation(response, `/tasks/${task.id}`);
    return { delivery: toDeliveryResponse(listed), task: toTaskResponse(task) };
  }
}
