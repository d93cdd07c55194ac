import { spareUpload } from './data-rows.js';
import type { Rows, World } from './row.js';

/** A task that is parked, as if its attempts were used up. */
async function deadLetter(world: World): Promise<string> {
  const { taskId } = await spareUpload(world);
  const { database } = world.system;
  await database.query("UPDATE tasks SET status = 'failed', finished_at = now() WHERE id = $1", [taskId]);
  await database.query("UPDATE uploads SET status = 'failed' WHERE task_id = $1", [taskId]);
  const { rows } = await database.query<{ id: string }>(
    `INSERT INTO dead_letters (id, queue, reason, task_id) VALUES (gen_random_uuid(), 'ingest', 'poison', $1) RETURNING id`,
    [taskId],
  );
  return rows[0]?.id ?? '';
}

export const administrationRows: Rows = {
  'GET /metrics': { needs: 'administrator', status: 200 },
  'GET /api/v1/admin/overview': { needs: 'administrator', status: 200 },
  'POST /api/v1/admin/check': { needs: 'administrator', status: 200 },
  'GET /api/v1/admin/dead-letters': { needs: 'administrator', status: 200 },
  'POST /api/v1/admin/dead-letters/redrive': {
    needs: 'administrator',
    status: 200,
    call: () => ({ body: {} }),
  },
  'POST /api/v1/admin/dead-letters/{deadLetterId}/redrive': {
    needs: 'administrator',
    status: 202,
    call: async (world) => ({ params: { deadLetterId: await deadLetter(world) } }),
  },
  'GET /api/v1/admin/audit': { needs: 'administrator', status: 200 },
};
