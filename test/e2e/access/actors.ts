import { type ApiClient, expectStatus } from '../harness/index.js';
import type { Needs, Row, World } from './row.js';

/** Everybody who tries every operation. */
export const ACTORS = [
  'anonymous',
  'deactivated',
  'stranger',
  'strangerKey',
  'viewer',
  'analyst',
  'owner',
  'ownerKey',
  'administrator',
] as const;
export type Actor = (typeof ACTORS)[number];

const REFUSED_ANYWHERE: readonly Actor[] = ['anonymous', 'deactivated'];
const ROLES: readonly (Actor | Needs)[] = ['viewer', 'analyst', 'owner'];

/** The api, as each of them. */
export async function actorClients(world: World): Promise<Record<Actor, ApiClient>> {
  const { system, tenant, stranger } = world;
  const keyOf = async ({ owner, customerId }: World['tenant']): Promise<ApiClient> =>
    system.api.as(expectStatus(await owner.api.post('/api-keys', { customerId, role: 'owner' }), 201).key);
  const deactivated = await system.make.user();
  const members = `/customers/${tenant.customerId}/members`;
  expectStatus(await tenant.owner.api.post(members, { userId: deactivated.id, role: 'owner' }), 201);
  expectStatus(await system.admin.api.delete(`/users/${deactivated.id}`), 204);
  return {
    anonymous: system.api,
    deactivated: deactivated.api,
    stranger: stranger.owner.api,
    strangerKey: await keyOf(stranger),
    viewer: tenant.viewer.api,
    analyst: tenant.analyst.api,
    owner: tenant.owner.api,
    ownerKey: await keyOf(tenant),
    administrator: system.admin.api,
  };
}

/** What the rules say the answer is. */
export function expectedStatus(row: Row, actor: Actor): number {
  if (row.needs === 'public') return row.status;
  if (REFUSED_ANYWHERE.includes(actor)) return 401;
  if (actor === 'administrator') return row.status;
  const isKey = actor === 'ownerKey' || actor === 'strangerKey';
  if (row.needs === 'administrator' || (isKey && row.usersOnly === true)) return 403;
  if (row.needs === 'signedIn') return row.status;
  if (actor === 'stranger' || actor === 'strangerKey') return 404;
  const held = ROLES.indexOf(actor === 'ownerKey' ? 'owner' : actor);
  return held >= ROLES.indexOf(row.needs) ? row.status : 403;
}
