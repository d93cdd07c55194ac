import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from '@app/audit';
import type { Role } from '@app/customers';
import type { Request } from 'express';

/** Who is asking: a signed-in user, or an API key that acts with one role in one customer. */
export interface Principal {
  /** The user; with an API key the one who made it. */
  userId: string;
  /** Never true for an API key. */
  isAdmin: boolean;
  sessionId?: string;
  apiKeyId?: string;
  /** What an API key is good for. */
  boundTo?: { customerId: string; role: Role };
}

/** What the access guard leaves on the request. */
export interface AccessRequest extends Request {
  principal?: Principal;
  customerId?: string;
}

/** The principal as audit entries name it. */
export const actorOf = ({ userId, apiKeyId }: Principal): Actor => ({
  actorId: userId,
  ...(apiKeyId === undefined ? {} : { apiKeyId }),
});

const accessRequest = (context: ExecutionContext): AccessRequest =>
  context.switchToHttp().getRequest<AccessRequest>();

function required<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`${what} on a route whose @Access does not provide it`);
  return value;
}

/** The {@link Principal} of the request. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext) =>
  required(accessRequest(context).principal, '@CurrentPrincipal()'),
);

/** Id of the customer that owns what the route's `@Access({ role, of, param })` names. */
export const Tenant = createParamDecorator((_: unknown, context: ExecutionContext) =>
  required(accessRequest(context).customerId, '@Tenant()'),
);
