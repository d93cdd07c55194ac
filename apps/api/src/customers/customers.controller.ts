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
import { CustomerService } from '@app/customers';
import type { Request, Response } from 'express';
import { Access, AccessService, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { likePattern, orderingOf, type Page, toPage } from '../http/listing.js';
import { setLocation } from '../http/location.js';
import { idSchema } from '../http/validation.js';
import { CustomerRemoval } from './customer-removal.js';
import {
  type CustomerBody,
  customerBody,
  type CustomerChangesBody,
  customerChangesBody,
  type CustomerListQuery,
  customerListQuery,
  customerPage,
  type CustomerResponse,
  customerResponse,
  toCustomerResponse,
} from './customer.schemas.js';

@ApiTags('Customers')
@Controller('customers')
export class CustomersController {
  constructor(
    private readonly customers: CustomerService,
    private readonly access: AccessService,
    private readonly removal: CustomerRemoval,
  ) {}

  /** The customers the caller belongs to; all of them for administrators. */
  @Get()
  @Access({ signedIn: true })
  @ApiOkResponse({ standardSchema: customerPage })
  async list(
    @Query({ schema: customerListQuery }) query: CustomerListQuery,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
  ): Promise<Page<CustomerResponse>> {
    const { customers, count } = await this.customers.list({
      ids: await this.access.visibleCustomerIds(principal),
      pattern: query.search === undefined ? undefined : likePattern(query.search),
      ordering: orderingOf(query.ordering, ['name', 'createdAt'], 'name'),
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    return toPage(customers.map(toCustomerResponse), count, query, request.originalUrl);
  }

  /** Make a customer; the caller becomes its owner. */
  @Post()
  @Access({ signedIn: true, usersOnly: true })
  @ApiCreatedResponse({ standardSchema: customerResponse })
  async create(
    @Body({ schema: customerBody }) body: CustomerBody,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CustomerResponse> {
    const customer = await this.customers.create(body, principal.userId, actorOf(principal));
    setLocation(response, `/customers/${customer.id}`);
    return toCustomerResponse(customer);
  }

  /** One customer. */
  @Get(':customerId')
  @Access({ role: 'viewer', of: 'customer', param: 'customerId' })
  @ApiOkResponse({ standardSchema: customerResponse })
  async get(@Param('customerId', { schema: idSchema }) customerId: string): Promise<CustomerResponse> {
    return toCustomerResponse(await this.customers.get(customerId));
  }

  /** Replace a customer's fields. */
  @Put(':customerId')
  @Access({ role: 'owner', of: 'customer', param: 'customerId' })
  @ApiOkResponse({ standardSchema: customerResponse })
  async replace(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @Body({ schema: customerBody }) body: CustomerBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<CustomerResponse> {
    return toCustomerResponse(await this.customers.update(customerId, body, actorOf(principal)));
  }

  /** Change some of a customer's fields. */
  @Patch(':customerId')
  @Access({ role: 'owner', of: 'customer', param: 'customerId' })
  @ApiOkResponse({ standardSchema: customerResponse })
  async update(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @Body({ schema: customerChangesBody }) body: CustomerChangesBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<CustomerResponse> {
    return toCustomerResponse(await this.customers.update(customerId, body, actorOf(principal)));
  }

  /** Delete a customer: nothing of its data answers any more, and its running tasks are cancelled. */
  @Delete(':customerId')
  @HttpCode(204)
  @Access({ role: 'owner', of: 'customer', param: 'customerId', usersOnly: true })
  @ApiNoContentResponse()
  async delete(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.removal.remove(customerId, actorOf(principal));
  }
}
