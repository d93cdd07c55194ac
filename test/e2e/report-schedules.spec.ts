import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';
import { MailServer } from './harness/mail-server.js';
import { ready, startDataset } from './harness/uploads.js';

let system: System;
let mail: MailServer;

beforeAll(async () => {
  mail = await MailServer.start();
  system = await startSystem({ workers: 2, env: { TASK_SWEEP_SECONDS: '1', SMTP_URL: mail.url } });
});
afterAll(async () => {
  await system.stop();
  await mail.stop();
});

/** Shoppers with one to eight orders each. */
function sales(from: number, to: number, quantity = 2): string {
  const lines = ['InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID'];
  for (let shopper = from; shopper < to; shopper += 1) {
    for (let order = 0; order <= shopper % 8; order += 1) {
      const day = String(1 + ((shopper * 3 + order * 5) % 28)).padStart(2, '0');
      const price = (1 + (shopper % 13) * 1.5).toFixed(2);
      const invoice = 500_000 + shopper * 10 + order + quantity * 100_000;
      lines.push(
        `${invoice},A${order},${quantity},2011-0${1 + (order % 9)}-${day} 10:30,${price},${1000 + shopper}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

const upload = async (tenant: Tenant, content: string): Promise<void> => {
  const { upload } = await startDataset(tenant.analyst, tenant, content);
  await ready(tenant.viewer.api, upload.id);
};

async function schedule(tenant: Tenant, fields: object): Promise<string> {
  const body = { customerId: tenant.customerId, name: 'Weekly', report: { k: 3 }, ...fields };
  return expectStatus(await tenant.analyst.api.post('/report-schedules', body), 201).id;
}

const shown = async (tenant: Tenant, id: string) =>
  expectStatus(await tenant.viewer.api.get(`/report-schedules/${id}`), 200);
const told = async (tenant: Tenant) => {
  const path = `/notifications?customerId=${tenant.customerId}&ordering=createdAt`;
  return expectStatus(await tenant.viewer.api.get(path), 200).results.filter(({ type }: { type: string }) =>
    type.startsWith('report.'),
  );
};

/** As if its time had come. */
async function letBegin(id: string): Promise<void> {
  await system.database.query(`UPDATE schedules SET next_at = now() WHERE subject_id = $1`, [id]);
}

describe('scheduled reports', () => {
  it('are delivered by the clock, only when something changed, with the migration since the last one', async () => {
    const tenant = await system.make.tenant();
    await upload(tenant, sales(0, 40));
    const id = await schedule(tenant, { schedule: '0 6 * * 1', timezone: 'Europe/Berlin' });
    expect(await shown(tenant, id)).toMatchObject({
      schedule: '0 6 * * 1',
      timezone: 'Europe/Berlin',
      lastOutcome: null,
      nextAt: expect.any(String),
    });
    await letBegin(id);
    const first = await until('the first delivery', async () => {
      const now = await shown(tenant, id);
      return now.lastOutcome === 'delivered' && now;
    });
    const [notification, ...none] = await told(tenant);
    expect(none).toEqual([]);
    expect(notification).toMatchObject({
      type: 'report.scheduled',
      reportId: first.lastReportId,
      title: 'Weekly: 3 segments of 40 shoppers',
      data: { migration: null },
    });

    await letBegin(id);
    await until('a look that finds nothing new', async () => {
      return (await shown(tenant, id)).lastOutcome === 'unchanged';
    });
    expect(await told(tenant)).toHaveLength(1);

    await upload(tenant, sales(30, 60, 9));
    await letBegin(id);
    const second = await until('the second delivery', async () => {
      const now = await shown(tenant, id);
      return now.lastReportId !== first.lastReportId && now;
    });
    const [, latest] = await told(tenant);
    const path = `/reports/${first.lastReportId}/compare/${second.lastReportId}`;
    const { totals } = expectStatus(await tenant.viewer.api.get(path), 200);
    expect(totals.new).toBe(20);
    expect(latest.data.migration).toEqual({ ...totals, since: first.lastReportId });
    const mails = await until('both mails', async () => {
      const found = mail.to(tenant.viewer.email);
      return found.length === 2 && found;
    });
    expect(mails[1]?.text).toContain('20 are new');
  });

  it('are made when there is new data, of one store alone where they are about one', async () => {
    const tenant = await system.make.tenant();
    const report = { k: 3, storeId: tenant.storeId };
    const id = await schedule(tenant, { onNewData: true, report });
    const { upload: sent } = await startDataset(tenant.analyst, tenant, sales(0, 30), {
      storeId: tenant.storeId,
    });
    await ready(tenant.viewer.api, sent.id);
    const { lastReportId } = await until('the delivery', async () => {
      const now = await shown(tenant, id);
      return now.lastOutcome === 'delivered' && now;
    });
    expect(expectStatus(await tenant.viewer.api.get(`/reports/${lastReportId}`), 200).storeId).toBe(
      tenant.storeId,
    );
    await upload(tenant, sales(50, 60));
    await until('a look that finds nothing new', async () => {
      return (await shown(tenant, id)).lastOutcome === 'unchanged';
    });
    expect(await told(tenant)).toHaveLength(1);
  });

  it('say why they could not be made, and stop when they are switched off', async () => {
    const tenant = await system.make.tenant();
    const id = await schedule(tenant, { schedule: 'every 1h' });
    await letBegin(id);
    const failed = await until('the failure', async () => {
      const now = await shown(tenant, id);
      return now.lastOutcome === 'failed' && now;
    });
    expect(failed.lastError.code).toBe('unprocessable');
    const path = `/report-schedules/${id}`;
    expect(expectStatus(await tenant.analyst.api.patch(path, { enabled: false }), 200)).toMatchObject({
      enabled: false,
      nextAt: null,
      schedule: 'every 1h',
    });
    expect(expectStatus(await tenant.analyst.api.patch(path, { enabled: true }), 200).nextAt).not.toBeNull();
    const refused = [
      { schedule: null },
      { schedule: 'sometimes' },
      { timezone: 'Mars/Base' },
      { report: { k: 1 } },
    ];
    for (const body of refused) expect((await tenant.analyst.api.patch(path, body)).status).toBe(400);
    expectStatus(await tenant.analyst.api.delete(path), 204);
    expect((await tenant.analyst.api.get(path)).status).toBe(404);
  });

  it('are fifty at a customer at most', async () => {
    const tenant = await system.make.tenant();
    await system.database.query(
      `INSERT INTO report_schedules (id, customer_id, request, on_new_data, deleted_at)
         SELECT gen_random_uuid(), $1, '{}', true, CASE WHEN n > 49 THEN now() END FROM generate_series(1, 60) AS n`,
      [tenant.customerId],
    );
    await schedule(tenant, { onNewData: true });
    const body = { customerId: tenant.customerId, name: 'One more', report: { k: 3 }, onNewData: true };
    expect((await tenant.analyst.api.post('/report-schedules', body)).status).toBe(422);
  });
});
