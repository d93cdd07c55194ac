import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { Role } from '@app/customers';

/** What a route's id may name; each belongs to exactly one customer. */
export type ResourceKind =
  | 'customer'
  | 'store'
  | 'dataset'
  | 'upload'
  | 'link'
  | 'bundle'
  | 'source'
  | 'task'
  | 'report'
  | 'apiKey'
  | 'webhook'
  | 'reportSchedule';

/** At least `role` at the customer that owns the resource whose id is the parameter `param`. */
export interface ResourceAccess {
  role: Role;
  of: ResourceKind;
  param: string;
  /** Where the id stands; `params` unless told. */
  in?: 'params' | 'query' | 'body';
  /** Not with an API key, whatever its role. */
  usersOnly?: true;
}

/** Anybody who is signed in: the handler itself asks `AccessService` about what it touches. */
export interface SignedInAccess {
  signedIn: true;
  usersOnly?: true;
}

/** Administrators of the platform. */
export interface AdministratorAccess {
  administrator: true;
  /** Or whoever has METRICS_TOKEN, which is nobody's account. */
  orMetricsToken?: true;
}

export type AccessRule = ResourceAccess | SignedInAccess | AdministratorAccess;

export const ACCESS_RULE = Symbol('access rule');
export const PUBLIC_ROUTE = Symbol('public route');

/**
 * Who may call a route. Every route declares this or {@link Public}, else the api does not start.
 * Administrators pass everywhere. To non-members the resource does not exist (404); a role too low is 403.
 */
export const Access = (rule: AccessRule) => SetMetadata(ACCESS_RULE, rule);

/** No authentication at all. */
export const Public = () => applyDecorators(SetMetadata(PUBLIC_ROUTE, true), ApiSecurity({}));
