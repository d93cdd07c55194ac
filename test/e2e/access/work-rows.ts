import { expectStatus } from '../harness/index.js';
import { spareUpload } from './data-rows.js';
import type { Rows, World } from './row.js';

const task = ({ data }: World) => ({ params: { taskId: data.taskId } });
const report = ({ data }: World) => ({ params: { reportId: data.reportId } });

/** One that waits: no worker runs while the matrix is tried. */
const waitingTask = async (world: World): Promise<{ taskId: string }> => ({
  taskId: (await spareUpload(world)).taskId,
});

async function cancelledTask(world: World): Promise<{ taskId: string }> {
  const { taskId } = await waitingTask(world);
  expectStatus(await world.tenant.owner.api.post(`/tasks/${taskId}/cancel`), 200);
  return { taskId };
}

/** Of other parameters than the world's report, hence not yet made. */
let seed = 1;
async function spareReport({ tenant: { owner, customerId } }: World): Promise<{ reportId: string }> {
  seed += 1;
  const asked = await owner.api.post('/reports', { customerId, k: 3, seed });
  return { reportId: expectStatus(asked, 202).report.id };
}

export const workRows: Rows = {
  'GET /api/v1/tasks': [
    { needs: 'signedIn', status: 200 },
    {
      needs: 'viewer',
      status: 200,
      call: ({ tenant }) => ({ query: `?customerId=${tenant.customerId}` }),
    },
  ],
  'GET /api/v1/tasks/{taskId}': { needs: 'viewer', status: 200, call: task },
  'PATCH /api/v1/tasks/{taskId}': {
    needs: 'analyst',
    status: 200,
    call: (world) => ({ ...task(world), body: { note: 'Seen' } }),
  },
  'DELETE /api/v1/tasks/{taskId}': {
    needs: 'analyst',
    status: 204,
    call: async (world) => ({ params: await cancelledTask(world) }),
  },
  'POST /api/v1/tasks/{taskId}/cancel': {
    needs: 'analyst',
    status: 200,
    call: async (world) => ({ params: await waitingTask(world) }),
  },
  'POST /api/v1/tasks/{taskId}/retry': {
    needs: 'analyst',
    status: 202,
    call: async (world) => ({ params: await cancelledTask(world) }),
  },
  // The stream of a finished task tells its end and closes.
  'GET /api/v1/tasks/{taskId}/events': { needs: 'viewer', status: 200, call: task },

  'GET /api/v1/reports': [
    { needs: 'signedIn', status: 200 },
    {
      needs: 'viewer',
      status: 200,
      call: ({ tenant }) => ({ query: `?customerId=${tenant.customerId}` }),
    },
  ],
  'POST /api/v1/reports': {
    needs: 'analyst',
    status: 200,
    call: ({ tenant: { customerId } }) => ({ body: { customerId, k: 3 } }),
  },
  'GET /api/v1/reports/{reportId}': { needs: 'viewer', status: 200, call: report },
  'DELETE /api/v1/reports/{reportId}': {
    needs: 'analyst',
    status: 204,
    call: async (world) => ({ params: await spareReport(world) }),
  },
  'GET /api/v1/reports/{reportId}/segments/{index}/members': {
    needs: 'viewer',
    status: 200,
    call: ({ data }) => ({ params: { reportId: data.reportId, index: '0' } }),
  },
  'GET /api/v1/reports/{reportId}/members/{shopperId}': {
    needs: 'viewer',
    status: 200,
    call: ({ data }) => ({ params: { reportId: data.reportId, shopperId: data.shopperId } }),
  },
  'GET /api/v1/reports/{reportId}/compare/{otherId}': {
    needs: 'viewer',
    status: 200,
    call: ({ data: { reportId } }) => ({ params: { reportId, otherId: reportId } }),
  },
  'GET /api/v1/reports/{reportId}/page': { needs: 'viewer', status: 200, call: report },
  'GET /api/v1/reports/{reportId}/export': { needs: 'viewer', status: 200, call: report },
};
