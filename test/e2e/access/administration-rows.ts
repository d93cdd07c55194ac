import type { Rows } from './row.js';

export const administrationRows: Rows = {
  'GET /metrics': { needs: 'administrator', status: 200 },
  'GET /api/v1/admin/overview': { needs: 'administrator', status: 200 },
  'POST /api/v1/admin/check': { needs: 'administrator', status: 200 },
  'GET /api/v1/admin/audit': { needs: 'administrator', status: 200 },
};
