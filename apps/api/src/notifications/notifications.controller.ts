import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { NotificationService } from '@app/notifications';
import { notFound } from '@app/problems';
import type { Request } from 'express';
import { validate as isUuid } from 'uuid';
import { Access, AccessService, CurrentPrincipal, type Principal } from '../access/index.js';
import { likePattern, orderingOf, toPage } from '../http/listing.js';
import {
  type NotificationListQuery,
  notificationListQuery,
  type NotificationPage,
  notificationPage,
  type NotificationResponse,
  notificationResponse,
  type ReadAllBody,
  readAllBody,
  readAllResponse,
  toNotificationResponse,
} from './notification.schemas.js';

/** What the caller was told. Everybody has notifications of their own. */
@ApiTags('Notifications')
@Controller('notifications')
export class NotificationsController {
  constructor(
    private readonly notifications: NotificationService,
    private readonly access: AccessService,
  ) {}

  /** The caller's notifications, the newest first, with the number of unread ones. */
  @Get()
  @Access({ signedIn: true })
  @ApiOkResponse({ standardSchema: notificationPage })
  async list(
    @Query({ schema: notificationListQuery }) query: NotificationListQuery,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
  ): Promise<NotificationPage> {
    const scope = await this.scope(principal, query.customerId);
    const { direction } = orderingOf(query.ordering, ['createdAt'], '-createdAt');
    const { notifications, count } = await this.notifications.list({
      ...scope,
      unread: query.unread === undefined ? undefined : query.unread === 'true',
      type: query.type,
      pattern: query.search === undefined ? undefined : likePattern(query.search),
      direction,
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    const unreadCount = await this.notifications.unreadCount(await this.scope(principal));
    const page = toPage(notifications.map(toNotificationResponse), count, query, request.originalUrl);
    return { ...page, unreadCount };
  }

  /** Mark all of the caller's notifications as read, or those of one customer. */
  @Post('read-all')
  @HttpCode(HttpStatus.OK)
  @Access({ signedIn: true })
  @ApiOkResponse({ standardSchema: readAllResponse })
  async readAll(
    @Body({ schema: readAllBody }) { customerId }: ReadAllBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<{ read: number }> {
    return { read: await this.notifications.readAll(await this.scope(principal, customerId)) };
  }

  /** Mark a notification as read. */
  @Post(':notificationId/read')
  @HttpCode(HttpStatus.OK)
  @Access({ signedIn: true })
  @ApiOkResponse({ standardSchema: notificationResponse })
  async read(
    @Param('notificationId') id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<NotificationResponse> {
    if (!isUuid(id)) throw notFound('notification');
    return toNotificationResponse(await this.notifications.read(await this.scope(principal), id));
  }

  private async scope(principal: Principal, customerId?: string) {
    const customerIds = await this.access.visibleCustomerIds(principal, customerId);
    return { userId: principal.userId, customerIds };
  }
}
