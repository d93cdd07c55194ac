import { expectStatus, unique } from '../harness/index.js';
import type { Rows, World } from './row.js';

const newUser = () => ({ email: `${unique('matrix')}@example.com`, password: unique('password'), name: 'M' });

/** Some user whom nobody needs. */
const spareUser = async ({ system }: World): Promise<{ userId: string }> => ({
  userId: expectStatus(await system.admin.api.post('/users', newUser()), 201).id as string,
});

const freshSession = async ({ system }: World): Promise<{ refreshToken: string }> => {
  const { email, password } = system.admin;
  const { refreshToken } = await system.make.signIn(email, password);
  return { refreshToken };
};

const newKey = async ({ tenant }: World): Promise<{ apiKeyId: string }> => {
  const made = await tenant.owner.api.post('/api-keys', { customerId: tenant.customerId, role: 'viewer' });
  return { apiKeyId: expectStatus(made, 201).id as string };
};

export const identityRows: Rows = {
  'GET /health/live': { needs: 'public', status: 200 },
  'GET /health/ready': { needs: 'public', status: 200 },

  'GET /api/v1/auth/registration': { needs: 'public', status: 200 },
  'POST /api/v1/auth/register': { needs: 'public', status: 201, call: () => ({ body: newUser() }) },
  'POST /api/v1/auth/login': {
    needs: 'public',
    status: 200,
    call: ({ system: { admin } }) => ({ body: { email: admin.email, password: admin.password } }),
  },
  'POST /api/v1/auth/refresh': {
    needs: 'public',
    status: 200,
    call: async (world) => ({ body: await freshSession(world) }),
  },
  'POST /api/v1/auth/logout': {
    needs: 'public',
    status: 204,
    call: async (world) => ({ body: await freshSession(world) }),
  },

  'POST /api/v1/downloads': {
    needs: 'signedIn',
    status: 200,
    usersOnly: true,
    call: () => ({ body: { path: '/api/v1/users/me' } }),
  },
  'GET /api/v1/users/me': { needs: 'signedIn', status: 200, usersOnly: true },
  'PATCH /api/v1/users/me': {
    needs: 'signedIn',
    status: 200,
    usersOnly: true,
    call: () => ({ body: { name: 'Me' } }),
  },
  'GET /api/v1/users': { needs: 'administrator', status: 200 },
  'POST /api/v1/users': { needs: 'administrator', status: 201, call: () => ({ body: newUser() }) },
  'GET /api/v1/users/{userId}': {
    needs: 'administrator',
    status: 200,
    call: ({ tenant }) => ({ params: { userId: tenant.viewer.id } }),
  },
  'PATCH /api/v1/users/{userId}': {
    needs: 'administrator',
    status: 200,
    call: async (world) => ({ params: await spareUser(world), body: { name: 'Other' } }),
  },
  'DELETE /api/v1/users/{userId}': {
    needs: 'administrator',
    status: 204,
    call: async (world) => ({ params: await spareUser(world) }),
  },

  'GET /api/v1/api-keys': [
    { needs: 'signedIn', status: 200, usersOnly: true },
    {
      needs: 'owner',
      status: 200,
      usersOnly: true,
      call: ({ tenant }) => ({ query: `?customerId=${tenant.customerId}` }),
    },
  ],
  'POST /api/v1/api-keys': {
    needs: 'owner',
    status: 201,
    usersOnly: true,
    call: ({ tenant }) => ({ body: { customerId: tenant.customerId, role: 'viewer' } }),
  },
  'DELETE /api/v1/api-keys/{apiKeyId}': {
    needs: 'owner',
    status: 204,
    usersOnly: true,
    call: async (world) => ({ params: await newKey(world) }),
  },
};

/** Ends the sessions of those who try it: after it they can try nothing else. */
export const lastRows: Rows = {
  'DELETE /api/v1/users/me/sessions': { needs: 'signedIn', status: 204, usersOnly: true },
};
