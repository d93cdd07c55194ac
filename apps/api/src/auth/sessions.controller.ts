import { Controller, Delete, HttpCode, HttpStatus, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import { SessionService } from '@app/users';
import type { Request, Response } from 'express';
import { Access, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { RefreshCookie } from './refresh-cookie.js';

@ApiTags('Authentication')
@Controller('users/me/sessions')
@Access({ signedIn: true, usersOnly: true })
export class SessionsController {
  constructor(
    private readonly sessions: SessionService,
    private readonly cookie: RefreshCookie,
  ) {}

  /** Sign out everywhere: all access and refresh tokens of the caller stop working, those of this session too. */
  @Delete()
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  async endAll(
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.sessions.signOutEverywhere(principal.userId, actorOf(principal));
    this.cookie.clear(request, response);
  }
}
