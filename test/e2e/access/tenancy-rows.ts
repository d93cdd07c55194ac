import { expectStatus, unique } from '../harness/index.js';
import type { Rows, World } from './row.js';

const customer = ({ tenant }: World) => ({ params: { customerId: tenant.customerId } });

/** A customer of the same people, to be deleted. */
async function spareCustomer({ tenant }: World): Promise<{ customerId: string }> {
  const { owner, analyst, viewer } = tenant;
  const { id } = expectStatus(await owner.api.post('/customers', { name: unique('spare') }), 201);
  for (const [role, { id: userId }] of Object.entries({ analyst, viewer })) {
    expectStatus(await owner.api.post(`/customers/${id}/members`, { userId, role }), 201);
  }
  return { customerId: id };
}

/** Somebody without a role yet. */
async function newcomer({ system }: World): Promise<{ userId: string }> {
  const body = { email: `${unique('new')}@example.com`, password: unique('password'), name: 'New' };
  return { userId: expectStatus(await system.admin.api.post('/users', body), 201).id };
}

async function spareMember(world: World): Promise<{ customerId: string; userId: string }> {
  const { customerId, owner } = world.tenant;
  const { userId } = await newcomer(world);
  const path = `/customers/${customerId}/members`;
  expectStatus(await owner.api.post(path, { userId, role: 'viewer' }), 201);
  return { customerId, userId };
}

async function spareStore({ tenant }: World): Promise<{ customerId: string; storeId: string }> {
  const { customerId, owner } = tenant;
  const made = await owner.api.post(`/customers/${customerId}/stores`, { name: unique('spare') });
  return { customerId, storeId: expectStatus(made, 201).id };
}

export const tenancyRows: Rows = {
  'GET /api/v1/customers': { needs: 'signedIn', status: 200 },
  'POST /api/v1/customers': {
    needs: 'signedIn',
    status: 201,
    usersOnly: true,
    call: () => ({ body: { name: unique('made') } }),
  },
  'GET /api/v1/customers/{customerId}': { needs: 'viewer', status: 200, call: customer },
  'PUT /api/v1/customers/{customerId}': {
    needs: 'owner',
    status: 200,
    call: (world) => ({ ...customer(world), body: { name: 'Put' } }),
  },
  'PATCH /api/v1/customers/{customerId}': {
    needs: 'owner',
    status: 200,
    call: (world) => ({ ...customer(world), body: { name: 'Patched' } }),
  },
  'DELETE /api/v1/customers/{customerId}': {
    needs: 'owner',
    status: 204,
    usersOnly: true,
    call: async (world) => ({ params: await spareCustomer(world) }),
  },

  'GET /api/v1/customers/{customerId}/members': { needs: 'viewer', status: 200, call: customer },
  'POST /api/v1/customers/{customerId}/members': {
    needs: 'owner',
    status: 201,
    usersOnly: true,
    call: async (world) => ({
      ...customer(world),
      body: { ...(await newcomer(world)), role: 'viewer' },
    }),
  },
  'PATCH /api/v1/customers/{customerId}/members/{userId}': {
    needs: 'owner',
    status: 200,
    usersOnly: true,
    call: async (world) => ({ params: await spareMember(world), body: { role: 'analyst' } }),
  },
  'DELETE /api/v1/customers/{customerId}/members/{userId}': {
    needs: 'owner',
    status: 204,
    usersOnly: true,
    call: async (world) => ({ params: await spareMember(world) }),
  },

  'GET /api/v1/customers/{customerId}/stores': { needs: 'viewer', status: 200, call: customer },
  'POST /api/v1/customers/{customerId}/stores': {
    needs: 'analyst',
    status: 201,
    call: (world) => ({ ...customer(world), body: { name: unique('store') } }),
  },
  'GET /api/v1/customers/{customerId}/stores/{storeId}': {
    needs: 'viewer',
    status: 200,
    call: ({ tenant: { customerId, storeId } }) => ({ params: { customerId, storeId } }),
  },
  'PUT /api/v1/customers/{customerId}/stores/{storeId}': {
    needs: 'analyst',
    status: 200,
    call: async (world) => ({ params: await spareStore(world), body: { name: 'Put' } }),
  },
  'PATCH /api/v1/customers/{customerId}/stores/{storeId}': {
    needs: 'analyst',
    status: 200,
    call: async (world) => ({ params: await spareStore(world), body: { name: 'Patched' } }),
  },
  'DELETE /api/v1/customers/{customerId}/stores/{storeId}': {
    needs: 'analyst',
    status: 204,
    call: async (world) => ({ params: await spareStore(world) }),
  },
};
