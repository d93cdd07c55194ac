import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { MemberService } from '@app/customers';
import { invalidParameter } from '@app/problems';
import type { Request, Response } from 'express';
import { Access, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { likePattern, orderingOf, type Page, toPage } from '../http/listing.js';
import { setLocation } from '../http/location.js';
import { idSchema } from '../http/validation.js';
import {
  type MemberChangesBody,
  memberChangesBody,
  type MemberListQuery,
  memberListQuery,
  memberPage,
  type MemberResponse,
  memberResponse,
  type NewMemberBody,
  newMemberBody,
  toMemberResponse,
} from './customer.schemas.js';

/** Changed by people only: with a key that could make members one could stay when the key has gone. */
@ApiTags('Customers')
@Controller('customers/:customerId/members')
export class MembersController {
  constructor(private readonly members: MemberService) {}

  /** Who belongs to the customer, and in which role. */
  @Get()
  @Access({ role: 'viewer', of: 'customer', param: 'customerId' })
  @ApiOkResponse({ standardSchema: memberPage })
  async list(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @Query({ schema: memberListQuery }) query: MemberListQuery,
    @Req() request: Request,
  ): Promise<Page<MemberResponse>> {
    const { members, count } = await this.members.list(customerId, {
      pattern: query.search === undefined ? undefined : likePattern(query.search),
      role: query.role,
      ordering: orderingOf(query.ordering, ['name', 'email', 'createdAt'], 'createdAt'),
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    return toPage(members.map(toMemberResponse), count, query, request.originalUrl);
  }

  /** Make a user, named by id or e-mail address, a member. */
  @Post()
  @Access({ role: 'owner', of: 'customer', param: 'customerId', usersOnly: true })
  @ApiCreatedResponse({ standardSchema: memberResponse })
  async add(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @Body({ schema: newMemberBody }) body: NewMemberBody,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MemberResponse> {
    const member = await this.members.add(customerId, named(body), body.role, actorOf(principal));
    setLocation(response, `/customers/${customerId}/members/${member.userId}`);
    return toMemberResponse(member);
  }

  /** Give a member another role. The last owner stays one. */
  @Patch(':userId')
  @Access({ role: 'owner', of: 'customer', param: 'customerId', usersOnly: true })
  @ApiOkResponse({ standardSchema: memberResponse })
  async changeRole(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @Param('userId') userId: string,
    @Body({ schema: memberChangesBody }) body: MemberChangesBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<MemberResponse> {
    const member = await this.members.changeRole(customerId, userId, body.role, actorOf(principal));
    return toMemberResponse(member);
  }

  /** Show a member out, with the API keys the member made. The last owner stays. */
  @Delete(':userId')
  @HttpCode(204)
  @Access({ role: 'owner', of: 'customer', param: 'customerId', usersOnly: true })
  @ApiNoContentResponse()
  async remove(
    @Param('customerId', { schema: idSchema }) customerId: string,
    @Param('userId') userId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.members.remove(customerId, userId, actorOf(principal));
  }
}

function named({ userId, email }: NewMemberBody): { userId: string } | { email: string } {
  if (userId !== undefined) return { userId };
  if (email !== undefined) return { email };
  throw invalidParameter('userId', 'either userId or email');
}
