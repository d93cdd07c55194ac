import { Body, Controller, Cookies, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { SETTINGS, type Settings } from '@app/config';
import { Problem } from '@app/problems';
import { AuthenticationService, type SignedIn, UserService } from '@app/users';
import type { Request, Response } from 'express';
import { Public } from '../access/index.js';
import { toUserResponse, type UserResponse, userResponse } from '../users/user.schemas.js';
import {
  type CredentialsBody,
  credentialsBody,
  type RefreshBody,
  refreshBody,
  type RegistrationBody,
  registrationBody,
  type RegistrationResponse,
  registrationResponse,
  type TokensResponse,
  tokensResponse,
  toTokensResponse,
} from './auth.schemas.js';
import { RefreshCookie } from './refresh-cookie.js';

type CookieJar = Record<string, string | undefined>;

@ApiTags('Authentication')
@Controller('auth')
@Public()
export class AuthController {
  constructor(
    private readonly authentication: AuthenticationService,
    private readonly users: UserService,
    private readonly cookie: RefreshCookie,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Whether everybody may make an account here, so that a page offers it only then. */
  @Get('registration')
  @ApiOkResponse({ standardSchema: registrationResponse })
  registration(): RegistrationResponse {
    return { allowed: this.settings.accounts.allowRegistration };
  }

  /** Make an account for oneself, where ALLOW_REGISTRATION lets everybody. */
  @Post('register')
  @ApiCreatedResponse({ standardSchema: userResponse })
  async register(@Body({ schema: registrationBody }) body: RegistrationBody): Promise<UserResponse> {
    if (!this.settings.accounts.allowRegistration) {
      throw new Problem('permission_denied', 'Accounts are made by an administrator here.');
    }
    return toUserResponse(await this.users.create(body, {}));
  }

  /** Sign in with e-mail address and password. */
  @Post('login')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: tokensResponse })
  async login(
    @Body({ schema: credentialsBody }) body: CredentialsBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokensResponse> {
    return this.answer(await this.authentication.logIn(body.email, body.password), request, response);
  }

  /** Trade the refresh token, from the body or its cookie, for new tokens. Each is good for one use. */
  @Post('refresh')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: tokensResponse })
  async refresh(
    @Body({ schema: refreshBody }) body: RefreshBody,
    @Cookies() cookies: CookieJar,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokensResponse> {
    const refreshToken = this.refreshToken(body, cookies, request);
    return this.answer(await this.authentication.refresh(refreshToken), request, response);
  }

  /** End the session: its access and refresh tokens stop working. */
  @Post('logout')
  @HttpCode(204)
  @ApiNoContentResponse()
  async logout(
    @Body({ schema: refreshBody }) body: RefreshBody,
    @Cookies() cookies: CookieJar,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.authentication.logOut(this.refreshToken(body, cookies, request));
    this.cookie.clear(request, response);
  }

  private refreshToken(body: RefreshBody, cookies: CookieJar, request: Request): string {
    const refreshToken = body.refreshToken ?? this.cookie.read(request, cookies);
    if (refreshToken === undefined) {
      throw new Problem(
        'authentication_required',
        'There is no refresh token, neither sent nor in a cookie.',
      );
    }
    return refreshToken;
  }

  private answer(signedIn: SignedIn, request: Request, response: Response): TokensResponse {
    this.cookie.set(request, response, signedIn.refreshToken);
    response.setHeader('Cache-Control', 'no-store');
    return toTokensResponse(signedIn);
  }
}
