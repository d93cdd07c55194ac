import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { SETTINGS, type Settings } from '@app/config';
import { hasToken } from '@app/metrics';
import { invalidParameter, notFound, Problem } from '@app/problems';
import { validate as isUuid } from 'uuid';
import { ACCESS_RULE, type AccessRule, PUBLIC_ROUTE, type ResourceAccess } from './access.decorator.js';
import { AccessService } from './access.service.js';
import { Authenticator } from './authenticator.js';
import type { AccessRequest, Principal } from './principal.js';
import { labelOf, ResourceOwners } from './resource-owners.js';

/** Stands before every route and keeps what its `@Access` says. A route that says nothing is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly metricsToken: string | undefined;

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly owners: ResourceOwners,
    private readonly access: AccessService,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.metricsToken = settings.operations.metricsToken;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const declared = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, declared) === true) return true;
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, declared);
    if (rule === undefined) return false;
    const request = context.switchToHttp().getRequest<AccessRequest>();
    if ('orMetricsToken' in rule && hasToken(request.headers.authorization, this.metricsToken)) return true;
    const principal = await this.authenticator.authenticate(context);
    request.principal = principal;
    await this.keep(rule, principal, request);
    return true;
  }

  private async keep(rule: AccessRule, principal: Principal, request: AccessRequest): Promise<void> {
    if ('administrator' in rule) {
      if (!principal.isAdmin) await this.refuse(principal, 'This is for administrators.', 'administrator');
      return;
    }
    if (rule.usersOnly === true && principal.apiKeyId !== undefined) {
      await this.refuse(principal, 'This cannot be done with an API key.', 'user');
    }
    if ('role' in rule) request.customerId = await this.requireRole(rule, principal, request);
  }

  private async requireRole(
    rule: ResourceAccess,
    principal: Principal,
    request: AccessRequest,
  ): Promise<string> {
    const label = labelOf(rule.of);
    const owner = await this.owners.find(rule.of, resourceId(rule, request), principal.userId);
    if (owner === null) throw notFound(label);
    await this.access.require(principal, owner.customerId, rule.role, label, owner);
    return owner.customerId;
  }

  private refuse(principal: Principal, detail: string, needs: string): Promise<never> {
    return this.access.deny(principal, new Problem('permission_denied', detail), { needs });
  }
}

/** A path that names nothing is 404; a parameter that is no id is the caller's mistake. */
function resourceId(rule: ResourceAccess, request: AccessRequest): string {
  const place = rule.in ?? 'params';
  const values = request[place] as Record<string, unknown> | undefined;
  const id = values?.[rule.param];
  if (isUuid(id)) return id as string;
  if (place === 'params') throw notFound(labelOf(rule.of));
  throw invalidParameter(rule.param, id === undefined ? 'required' : `not the id of a ${labelOf(rule.of)}`);
}
