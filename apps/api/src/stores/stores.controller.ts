import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { StoreService } from '@app/stores';
import type { Request, Response } from 'express';
import { Access, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { likePattern, orderingOf, type Page, toPage } from '../http/listing.js';
import { setLocation } from '../http/location.js';
import { idSchema } from '../http/validation.js';
import {
  nearOf,
  type StoreBody,
  storeBody,
  type StoreChangesBody,
  storeChangesBody,
  type StoreListQuery,
  storeListQuery,
  storePage,
  type StoreResponse,
  storeResponse,
  toStoreChanges,
  toStoreFields,
  toStoreResponse,
} from './store.schemas.js';

const ORDERINGS = ['name', 'code', 'city', 'country', 'createdAt'] as const;

@ApiTags('Stores')
@Controller('customers/:customerId/stores')
export class StoresController {
  constructor(private readonly stores: StoreService) {}

  /** The customer's stores; with `near=latitude,longitude` those with a location, the nearest first. */
  @Get()
  @Access({ role: 'viewer', of: 'customer', param: 'customerId' })
  @ApiOkResponse({ standardSchema: storePage })
  async list(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @Query({ schema: storeListQuery }) query: StoreListQuery,
    @Req() request: Request,
  ): Promise<Page<StoreResponse>> {
    const { stores, count } = await this.stores.list(customerId, {
      pattern: query.search === undefined ? undefined : likePattern(query.search),
      near: nearOf(query),
      ordering: query.ordering === undefined ? undefined : orderingOf(query.ordering, ORDERINGS, 'name'),
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    return toPage(stores.map(toStoreResponse), count, query, request.originalUrl);
  }

  /** Make a store. */
  @Post()
  @Access({ role: 'analyst', of: 'customer', param: 'customerId' })
  @ApiCreatedResponse({ standardSchema: storeResponse })
  async create(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @Body({ schema: storeBody }) body: StoreBody,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StoreResponse> {
    const store = await this.stores.create(customerId, toStoreFields(body), actorOf(principal));
    setLocation(response, `/customers/${customerId}/stores/${store.id}`);
    return toStoreResponse(store);
  }

  /** One store. */
  @Get(':storeId')
  @Access({ role: 'viewer', of: 'customer', param: 'customerId' })
  @ApiOkResponse({ standardSchema: storeResponse })
  async get(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @Param('storeId') storeId: string,
  ): Promise<StoreResponse> {
    return toStoreResponse(await this.stores.get(customerId, storeId));
  }

  /** Replace a store's fields. */
  @Put(':storeId')
  @Access({ role: 'analyst', of: 'customer', param: 'customerId' })
  @ApiOkResponse({ standardSchema: storeResponse })
  async replace(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @Param('storeId') storeId: string,
    @Body({ schema: storeBody }) body: StoreBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<StoreResponse> {
    const fields = toStoreFields(body);
    return toStoreResponse(await this.stores.update(customerId, storeId, fields, actorOf(principal)));
  }

  /** Change some of a store's fields; null clears one. */
  @Patch(':storeId')
  @Access({ role: 'analyst', of: 'customer', param: 'customerId' })
  @ApiOkResponse({ standardSchema: storeResponse })
  async update(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @Param('storeId') storeId: string,
    @Body({ schema: storeChangesBody }) body: StoreChangesBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<StoreResponse> {
    const changes = toStoreChanges(body);
    return toStoreResponse(await this.stores.update(customerId, storeId, changes, actorOf(principal)));
  }

  /** Delete a store; the data that came from it stays. */
  @Delete(':storeId')
  @HttpCode(204)
  @Access({ role: 'analyst', of: 'customer', param: 'customerId' })
  @ApiNoContentResponse()
  async delete(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @Param('storeId') storeId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.stores.delete(customerId, storeId, actorOf(principal));
  }
}
