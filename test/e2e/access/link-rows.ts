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

/** Two files that belong together, unlike all others. */
function bundleForm({ tenant: { customerId } }: World): FormData {
  const form = new FormData();
  const fields = { customerId, name: unique('bundle'), links: '[{"from": "a.id", "to": "b.id"}]' };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const name of ['a', 'b']) form.append('files', new Blob([`id\n${unique(name)}\n`]), `${name}.csv`);
  return form;
}

async function spareBundle(world: World): Promise<{ bundleId: string }> {
  const made = await world.tenant.owner.api.post('/bundles', bundleForm(world));
  return { bundleId: expectStatus(made, 202).bundle.id };
}

export const linkRows: Rows = {
  'POST /api/v1/bundles': {
    needs: 'analyst',
    status: 202,
    call: (world) => ({ body: bundleForm(world) }),
  },
  'GET /api/v1/bundles/{bundleId}': {
    needs: 'viewer',
    status: 200,
    call: async (world) => ({ params: await spareBundle(world) }),
  },

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
