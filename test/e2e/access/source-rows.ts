import { expectStatus, unique } from '../harness/index.js';
import type { Rows, World } from './row.js';

const source = ({ data: { sourceId } }: World) => ({ params: { sourceId } });

const newSource = ({ tenant: { customerId } }: World): Record<string, string> => ({
  customerId,
  kind: 'folder',
  prefix: unique('folder'),
});

async function spareSource(world: World): Promise<{ sourceId: string }> {
  const made = await world.tenant.owner.api.post('/sources', newSource(world));
  return { sourceId: expectStatus(made, 201).id };
}

export const sourceRows: Rows = {
  'GET /api/v1/sources': [
    { needs: 'signedIn', status: 200 },
    {
      needs: 'viewer',
      status: 200,
      call: ({ tenant }) => ({ query: `?customerId=${tenant.customerId}` }),
    },
  ],
  'POST /api/v1/sources': {
    needs: 'analyst',
    status: 201,
    call: (world) => ({ body: newSource(world) }),
  },
  'GET /api/v1/sources/{sourceId}': { needs: 'viewer', status: 200, call: source },
  'PATCH /api/v1/sources/{sourceId}': {
    needs: 'analyst',
    status: 200,
    call: (world) => ({ ...source(world), body: { paused: true } }),
  },
  'POST /api/v1/sources/{sourceId}/sync': { needs: 'analyst', status: 202, call: source },
  'GET /api/v1/sources/{sourceId}/runs': { needs: 'viewer', status: 200, call: source },
  'DELETE /api/v1/sources/{sourceId}': {
    needs: 'analyst',
    status: 204,
    call: async (world) => ({ params: await spareSource(world) }),
  },
};
