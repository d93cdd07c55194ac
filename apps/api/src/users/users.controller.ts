import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { UserService } from '@app/users';
import type { Request, Response } from 'express';
import { Access, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { likePattern, orderingOf, type Page, toPage } from '../http/listing.js';
import { setLocation } from '../http/location.js';
import {
  type NewUserBody,
  newUserBody,
  toUserResponse,
  type UserChangesBody,
  userChangesBody,
  type UserListQuery,
  userListQuery,
  userPage,
  type UserResponse,
  userResponse,
} from './user.schemas.js';

@ApiTags('Users')
@Controller('users')
@Access({ administrator: true })
export class UsersController {
  constructor(private readonly users: UserService) {}

  /** All users, also deactivated ones. */
  @Get()
  @ApiOkResponse({ standardSchema: userPage })
  async list(
    @Query({ schema: userListQuery }) query: UserListQuery,
    @Req() request: Request,
  ): Promise<Page<UserResponse>> {
    const { users, count } = await this.users.list({
      pattern: query.search === undefined ? undefined : likePattern(query.search),
      ordering: orderingOf(query.ordering, ['name', 'email', 'createdAt'], 'email'),
      offset: (query.page - 1) * query.pageSize,
      limit: query.pageSize,
    });
    return toPage(users.map(toUserResponse), count, query, request.originalUrl);
  }

  /** Make a user. */
  @Post()
  @ApiCreatedResponse({ standardSchema: userResponse })
  async create(
    @Body({ schema: newUserBody }) body: NewUserBody,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UserResponse> {
    const user = await this.users.create(body, actorOf(principal));
    setLocation(response, `/users/${user.id}`);
    return toUserResponse(user);
  }

  /** One user. */
  @Get(':userId')
  @ApiOkResponse({ standardSchema: userResponse })
  async get(@Param('userId') userId: string): Promise<UserResponse> {
    return toUserResponse(await this.users.get(userId));
  }

  /** Rename, deactivate or reactivate, grant or take administration, set a new password. */
  @Patch(':userId')
  @ApiOkResponse({ standardSchema: userResponse })
  async update(
    @Param('userId') userId: string,
    @Body({ schema: userChangesBody }) body: UserChangesBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<UserResponse> {
    return toUserResponse(await this.users.update(userId, body, actorOf(principal)));
  }

  /** Deactivate: the user can no longer sign in, and what names the user stays. */
  @Delete(':userId')
  @HttpCode(204)
  @ApiNoContentResponse()
  async deactivate(@Param('userId') userId: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.users.update(userId, { isActive: false }, actorOf(principal));
  }
}
