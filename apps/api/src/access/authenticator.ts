import { type ExecutionContext, Injectable } from '@nestjs/common';
import { API_KEY_PREFIX, ApiKeyService } from '@app/customers';
import { Problem } from '@app/problems';
import type { Response } from 'express';
import { ExtractJwt } from 'passport-jwt';
import { AccessTokenGuard } from './access-token.strategy.js';
import { invalidToken } from './invalid-token.js';
import type { AccessRequest, Principal } from './principal.js';

const bearerToken = ExtractJwt.fromAuthHeaderAsBearerToken();

/** Finds out who is asking: by access token (passport) or by API key. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly accessTokens: AccessTokenGuard,
    private readonly apiKeys: ApiKeyService,
  ) {}

  /** @throws Problem authentication_required without a token, invalid_token for any that does not hold */
  async authenticate(context: ExecutionContext): Promise<Principal> {
    const http = context.switchToHttp();
    const request = http.getRequest<AccessRequest>();
    try {
      const token = bearerToken(request);
      if (token === null) throw new Problem('authentication_required', 'Sign in first.');
      if (token.startsWith(API_KEY_PREFIX)) return await this.byApiKey(token);
      await this.accessTokens.canActivate(context);
      if (request.principal === undefined) throw invalidToken();
      return request.principal;
    } catch (error) {
      if (error instanceof Problem) http.getResponse<Response>().setHeader('WWW-Authenticate', 'Bearer');
      throw error;
    }
  }

  private async byApiKey(key: string): Promise<Principal> {
    const bearer = await this.apiKeys.authenticate(key);
    if (bearer === null) throw invalidToken();
    const { id, customerId, role, createdBy } = bearer;
    return { userId: createdBy, isAdmin: false, apiKeyId: id, boundTo: { customerId, role } };
  }
}
