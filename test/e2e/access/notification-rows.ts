import { randomUUID } from 'node:crypto';
import { expectStatus, unique } from '../harness/index.js';
import type { Rows, World } from './row.js';

const customer = ({ tenant }: World) => ({ params: { customerId: tenant.customerId } });
const CHOICE = { events: { 'upload.ready': ['inApp'] } };

const address = (): string => `https://example.com/${unique('hook')}`;

/** Twenty are the most a customer may have, hence the ones before go. */
async function webhook({ tenant: { owner, customerId } }: World): Promise<{ webhookId: string }> {
  const { results } = expectStatus(await owner.api.get(`/webhooks?customerId=${customerId}`), 200);
  for (const { id } of results.slice(5)) expectStatus(await owner.api.delete(`/webhooks/${id}`), 204);
  const made = await owner.api.post('/webhooks', { customerId, url: address() });
  return { webhookId: expectStatus(made, 201).id };
}

const withWebhook = async (world: World) => ({ params: await webhook(world) });

async function reportSchedule({ tenant: { owner, customerId } }: World) {
  const made = await owner.api.post('/report-schedules', { customerId, schedule: 'every 30d' });
  return { params: { reportScheduleId: expectStatus(made, 201).id as string } };
}

/** Fifty are the most a customer may have, hence the ones before go. */
async function spareReportSchedule(world: World) {
  const { owner } = world.tenant;
  const { results } = expectStatus(await owner.api.get('/report-schedules?pageSize=100'), 200);
  for (const { id } of results) expectStatus(await owner.api.delete(`/report-schedules/${id}`), 204);
  return reportSchedule(world);
}

export const notificationRows: Rows = {
  'GET /api/v1/notifications': [
    { needs: 'signedIn', status: 200 },
    { needs: 'viewer', status: 200, call: ({ tenant }) => ({ query: `?customerId=${tenant.customerId}` }) },
  ],
  // Everybody's are their own: what is somebody else's is not there.
  'POST /api/v1/notifications/{notificationId}/read': {
    needs: 'signedIn',
    status: 404,
    call: () => ({ params: { notificationId: randomUUID() } }),
  },
  'POST /api/v1/notifications/read-all': [
    { needs: 'signedIn', status: 200 },
    { needs: 'viewer', status: 200, call: ({ tenant }) => ({ body: { customerId: tenant.customerId } }) },
  ],
  'GET /api/v1/customers/{customerId}/notification-choices': {
    needs: 'viewer',
    status: 200,
    call: customer,
  },
  'PATCH /api/v1/customers/{customerId}/notification-choices': {
    needs: 'owner',
    status: 200,
    call: (world) => ({ ...customer(world), body: CHOICE }),
  },
  'GET /api/v1/customers/{customerId}/notification-choices/mine': {
    needs: 'viewer',
    status: 200,
    call: customer,
  },
  'PATCH /api/v1/customers/{customerId}/notification-choices/mine': {
    needs: 'viewer',
    status: 200,
    call: (world) => ({ ...customer(world), body: CHOICE }),
  },
  'GET /api/v1/events': {
    needs: 'signedIn',
    status: 200,
    call: () => ({ query: '?follow=false' }),
  },

  'GET /api/v1/report-schedules': [
    { needs: 'signedIn', status: 200 },
    { needs: 'viewer', status: 200, call: ({ tenant }) => ({ query: `?customerId=${tenant.customerId}` }) },
  ],
  'POST /api/v1/report-schedules': {
    needs: 'analyst',
    status: 201,
    call: async (world) => {
      await spareReportSchedule(world);
      return { body: { customerId: world.tenant.customerId, schedule: '0 6 * * 1' } };
    },
  },
  'GET /api/v1/report-schedules/{reportScheduleId}': {
    needs: 'viewer',
    status: 200,
    call: spareReportSchedule,
  },
  'PATCH /api/v1/report-schedules/{reportScheduleId}': {
    needs: 'analyst',
    status: 200,
    call: async (world) => ({ ...(await spareReportSchedule(world)), body: { name: 'Weekly' } }),
  },
  'DELETE /api/v1/report-schedules/{reportScheduleId}': {
    needs: 'analyst',
    status: 204,
    call: spareReportSchedule,
  },

  'GET /api/v1/webhooks': [
    { needs: 'signedIn', status: 200 },
    { needs: 'owner', status: 200, call: ({ tenant }) => ({ query: `?customerId=${tenant.customerId}` }) },
  ],
  'POST /api/v1/webhooks': {
    needs: 'owner',
    status: 201,
    call: async (world) => {
      // Makes room.
      await webhook(world);
      return { body: { customerId: world.tenant.customerId, url: address() } };
    },
  },
  'GET /api/v1/webhooks/{webhookId}': { needs: 'owner', status: 200, call: withWebhook },
  'PATCH /api/v1/webhooks/{webhookId}': {
    needs: 'owner',
    status: 200,
    call: async (world) => ({ ...(await withWebhook(world)), body: { description: 'Changed' } }),
  },
  'DELETE /api/v1/webhooks/{webhookId}': { needs: 'owner', status: 204, call: withWebhook },
  'POST /api/v1/webhooks/{webhookId}/rotate-secret': { needs: 'owner', status: 200, call: withWebhook },
  'POST /api/v1/webhooks/{webhookId}/test': { needs: 'owner', status: 202, call: withWebhook },
  'GET /api/v1/webhooks/{webhookId}/deliveries': { needs: 'owner', status: 200, call: withWebhook },
  'POST /api/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay': {
    needs: 'owner',
    status: 202,
    call: async (world) => {
      const params = await webhook(world);
      const tested = await world.tenant.owner.api.post(`/webhooks/${params.webhookId}/test`);
      return { params: { ...params, deliveryId: expectStatus(tested, 202).delivery.id } };
    },
  },
};
