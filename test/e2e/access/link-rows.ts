import { expectStatus, unique } from '../harness/index.js';
import type { Rows, World } from './row.js';

const link = ({ data: { linkId } }: World) => ({ params: { linkId } });

const spareDataset = async ({ tenant: { owner, customerId } }: World): Promise<string> =>
  expectStatus(await owner.api.post('/datasets', { customerId, name: unique('linked') }), 201).id;

async function newLink(world: World): Promise<Record<string, string>> {
  const toDatasetId = await spareDataset(world);
  return { fromDatasetId: world.data.datasetId, fromColumn: 'CustomerID', toDatasetId, toColumn: 'id' };
}

export async function spareLink(world: World): Promise<{ linkId: string }> {
  const made = await world.tenant.owner.api.post('/links', await newLink(world));
  return { linkId: expectStatus(made, 201).id };
}

export const linkRows: Rows = {
  'GET /api/v1/links': [
    { needs: 'signedIn', status: 200 },
    {
      needs: 'viewer',
      status: 200,
      call: ({ tenant }) => ({ query: `?customerId=${tenant.customerId}` }),
    },
  ],
  'POST /api/v1/links': {
    needs: 'analyst',
    status: 201,
    call: async (world) => ({ body: await newLink(world) }),
  },
  'GET /api/v1/links/{linkId}': { needs: 'viewer', status: 200, call: link },
  'GET /api/v1/links/{linkId}/orphans': { needs: 'viewer', status: 200, call: link },
  'DELETE /api/v1/links/{linkId}': {
    needs: 'analyst',
    status: 204,
    call: async (world) => ({ params: await spareLink(world) }),
  },
};
