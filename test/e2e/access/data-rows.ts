import { expectStatus, unique } from '../harness/index.js';
import { csvForm, startDataset } from '../harness/uploads.js';
import type { Rows, World } from './row.js';

const csv = (): string => `Shopper,Note\n1,${unique('note')}\n`;

const dataset = ({ data }: World) => ({ params: { datasetId: data.datasetId } });
const upload = ({ data }: World) => ({ params: { uploadId: data.uploadId } });

const spareDataset = async ({ tenant: { owner, customerId } }: World): Promise<{ datasetId: string }> => {
  const made = await owner.api.post('/datasets', { customerId, name: unique('spare') });
  return { datasetId: expectStatus(made, 201).id };
};

/** One that nobody has read yet. */
export async function spareUpload({ tenant }: World): Promise<{ uploadId: string; taskId: string }> {
  const started = await startDataset(tenant.owner, tenant, csv());
  return { uploadId: started.upload.id, taskId: started.task.id };
}

export const dataRows: Rows = {
  'GET /api/v1/datasets': [
    { needs: 'signedIn', status: 200 },
    {
      needs: 'viewer',
      status: 200,
      call: ({ tenant }) => ({ query: `?customerId=${tenant.customerId}` }),
    },
  ],
  'POST /api/v1/datasets': [
    {
      needs: 'analyst',
      status: 201,
      call: ({ tenant: { customerId } }) => ({ body: { customerId, name: unique('made') } }),
    },
    {
      needs: 'analyst',
      status: 202,
      call: ({ tenant: { customerId } }) => ({ body: csvForm({ customerId, name: unique('made') }, csv()) }),
    },
  ],
  'GET /api/v1/datasets/{datasetId}': { needs: 'viewer', status: 200, call: dataset },
  'PUT /api/v1/datasets/{datasetId}': {
    needs: 'analyst',
    status: 200,
    call: async (world) => ({ params: await spareDataset(world), body: { name: 'Put' } }),
  },
  'PATCH /api/v1/datasets/{datasetId}': {
    needs: 'analyst',
    status: 200,
    call: async (world) => ({ params: await spareDataset(world), body: { name: 'Patched' } }),
  },
  'DELETE /api/v1/datasets/{datasetId}': {
    needs: 'analyst',
    status: 204,
    call: async (world) => ({ params: await spareDataset(world) }),
  },
  'GET /api/v1/datasets/{datasetId}/rows': { needs: 'viewer', status: 200, call: dataset },
  'GET /api/v1/datasets/{datasetId}/stats': { needs: 'viewer', status: 200, call: dataset },
  'GET /api/v1/datasets/{datasetId}/values': {
    needs: 'viewer',
    status: 200,
    call: (world) => ({ ...dataset(world), query: '?column=StockCode' }),
  },
  'GET /api/v1/datasets/{datasetId}/export': { needs: 'viewer', status: 200, call: dataset },
  'POST /api/v1/datasets/{datasetId}/export': {
    needs: 'analyst',
    status: 202,
    call: (world) => ({ ...dataset(world), body: { to: { prefix: 'world' } } }),
  },
  'GET /api/v1/datasets/{datasetId}/profile': { needs: 'viewer', status: 200, call: dataset },
  'POST /api/v1/datasets/{datasetId}/process': {
    needs: 'analyst',
    status: 202,
    call: (world) => ({ ...dataset(world), body: { kind: 'profile' } }),
  },
  'GET /api/v1/datasets/{datasetId}/uploads': { needs: 'viewer', status: 200, call: dataset },
  'POST /api/v1/datasets/{datasetId}/uploads': {
    needs: 'analyst',
    status: 202,
    call: async (world) => ({ params: await spareDataset(world), body: csvForm({}, csv()) }),
  },

  'GET /api/v1/uploads/{uploadId}': { needs: 'viewer', status: 200, call: upload },
  'GET /api/v1/uploads/{uploadId}/file': { needs: 'viewer', status: 200, call: upload },
  'GET /api/v1/uploads/{uploadId}/anomalies': { needs: 'viewer', status: 200, call: upload },
  'GET /api/v1/uploads/{uploadId}/rejects': { needs: 'viewer', status: 200, call: upload },
  'POST /api/v1/uploads/{uploadId}/reprocess': {
    needs: 'analyst',
    status: 202,
    call: async (world) => {
      const { uploadId, taskId } = await spareUpload(world);
      // One that is queued or read just now cannot be read again.
      await world.tenant.owner.api.post(`/tasks/${taskId}/cancel`);
      return { params: { uploadId }, body: {} };
    },
  },
  'DELETE /api/v1/uploads/{uploadId}': {
    needs: 'analyst',
    status: 204,
    call: async (world) => ({ params: { uploadId: (await spareUpload(world)).uploadId } }),
  },
};
