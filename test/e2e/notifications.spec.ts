import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  expectStatus,
  startSystem,
  type System,
  type Tenant,
  unique,
  until,
} from './harness/index.js';
import { finishedTask } from './harness/folders.js';
import { MailServer } from './harness/mail-server.js';
import { finishedReport, ready, startDataset } from './harness/uploads.js';

let system: System;
let mail: MailServer;

beforeAll(async () => {
  mail = await MailServer.start();
  system = await startSystem({
    workers: 1,
    env: {
      TASK_SWEEP_SECONDS: '1',
      SMTP_URL: mail.url,
      MAIL_FROM: 'DataCore <datacore@shop.example>',
      PUBLIC_URL: 'https://datacore.example',
      DELIVERY_RETRY_SECONDS: '1,1,1',
    },
  });
});
afterAll(async () => {
  await system.stop();
  await mail.stop();
});

/** Forty shoppers with one to eight orders each. */
function sales(shoppers = 40): string {
  const lines = ['InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID'];
  for (let shopper = 0; shopper < shoppers; shopper += 1) {
    for (let order = 0; order <= shopper % 8; order += 1) {
      const day = String(1 + ((shopper * 3 + order * 5) % 28)).padStart(2, '0');
      const price = (1 + (shopper % 13) * 1.5).toFixed(2);
      const number = 500_000 + shopper * 10 + order;
      lines.push(`${number},A${order},2,2011-0${1 + (order % 9)}-${day} 10:30,${price},${1000 + shopper}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

async function finished(tenant: Tenant): Promise<{ uploadId: string; reportId: string }> {
  const { upload } = await startDataset(tenant.analyst, tenant, sales());
  await ready(tenant.viewer.api, upload.id);
  const body = { customerId: tenant.customerId, k: 3 };
  const { report } = expectStatus(await tenant.analyst.api.post('/reports', body), 202);
  expect((await finishedReport(tenant.viewer.api, report.id)).status).toBe('succeeded');
  return { uploadId: upload.id, reportId: report.id };
}

const listed = async (tenant: Tenant, query = '') =>
  expectStatus(await tenant.viewer.api.get(`/notifications${query}`), 200);

describe('notifications', () => {
  it('tell every member what was read and what could not be, once what they tell is true', async () => {
    const tenant = await system.make.tenant();
    const { uploadId, reportId } = await finished(tenant);
    const broken = await startDataset(tenant.analyst, tenant, `a,b\n${'"unclosed,1\n'.repeat(3)}`);
    await until('the failure', async () => {
      const { status } = (await tenant.viewer.api.get(`/uploads/${broken.upload.id}`)).body;
      return status === 'failed' || status === 'ready';
    });
    const { results, count, unreadCount } = await listed(tenant);
    expect(unreadCount).toBe(count);
    const types = results.map(({ type }: { type: string }) => type);
    expect(types).toEqual(expect.arrayContaining(['upload.ready', 'report.ready']));
    const about = (type: string) => results.find((candidate: { type: string }) => candidate.type === type);
    expect(about('upload.ready')).toMatchObject({ uploadId, customerId: tenant.customerId, read: false });
    const report = about('report.ready');
    expect(report).toMatchObject({ reportId, title: 'A report is ready: 3 segments of 40 shoppers' });
    const { segments } = expectStatus(await tenant.viewer.api.get(`/reports/${reportId}`), 200);
    expect(report.data.segments.map(({ size }: { size: number }) => size)).toEqual(
      segments.map(({ size }: { size: number }) => size),
    );
    for (const member of [tenant.owner, tenant.analyst]) {
      expect(expectStatus(await member.api.get('/notifications'), 200).count).toBe(count);
    }
    const stranger = await system.make.tenant();
    expect((await listed(stranger)).count).toBe(0);
  });

  it('are unread until somebody reads them, each for oneself', async () => {
    const tenant = await system.make.tenant();
    await finished(tenant);
    const { results, count } = await listed(tenant, '?unread=true');
    const [first] = results;
    const read = await tenant.viewer.api.post(`/notifications/${first.id}/read`);
    expect(expectStatus(read, 200)).toMatchObject({ id: first.id, read: true });
    const again = expectStatus(await tenant.viewer.api.post(`/notifications/${first.id}/read`), 200);
    expect(again.readAt).toBe(read.body.readAt);
    expect(await listed(tenant, '?unread=true')).toMatchObject({ count: count - 1, unreadCount: count - 1 });
    expect((await listed(tenant, '?unread=false')).results).toMatchObject([{ id: first.id }]);
    expect((await tenant.owner.api.get('/notifications?unread=true')).body.count).toBe(count);
    expect((await tenant.owner.api.post(`/notifications/${first.id}/read`)).status).toBe(404);
    expect(expectStatus(await tenant.viewer.api.post('/notifications/read-all'), 200)).toEqual({
      read: count - 1,
    });
    expect(await listed(tenant)).toMatchObject({ count, unreadCount: 0 });
  });

  it('say that segments have changed, where a later report finds other people in them', async () => {
    const tenant = await system.make.tenant();
    await finished(tenant);
    const more = sales(60).replaceAll(',A0,2,', ',A0,9,');
    const { upload } = await startDataset(tenant.analyst, tenant, more);
    await ready(tenant.viewer.api, upload.id);
    const body = { customerId: tenant.customerId, k: 3 };
    const { report } = expectStatus(await tenant.analyst.api.post('/reports', body), 202);
    await finishedReport(tenant.viewer.api, report.id);
    const { results } = await listed(tenant, '?type=segments.moved');
    expect(results).toMatchObject([{ reportId: report.id }]);
    expect(results[0].data.moves.length).toBeGreaterThan(0);
  });
});

describe('notices of sources and exports', () => {
  it('name the source that could not be pulled, and the dataset that was written or not', async () => {
    const tenant = await system.make.tenant();
    const { analyst, customerId } = tenant;
    const name = unique('Till rolls');
    const body = { customerId, name, kind: 'folder', prefix: unique('missing') };
    const source = expectStatus(await analyst.api.post('/sources', body), 201);
    await finishedTask(
      analyst,
      expectStatus(await analyst.api.post(`/sources/${source.id}/sync`), 202).task.id,
    );
    const [failed] = (await listed(tenant, '?type=source.failed')).results;
    expect(failed).toMatchObject({
      title: `The source ${name} could not be pulled`,
      text: expect.stringContaining('The folder is not there'),
      datasetId: source.datasetId,
      data: { sourceId: source.id, sourceName: name, error: { code: 'unprocessable' } },
    });
    const { dataset, upload } = await startDataset(analyst, tenant, sales());
    await ready(analyst.api, upload.id);
    const order = { format: 'csv', to: { prefix: unique('lake') } };
    for (const type of ['export.ready', 'export.failed']) {
      const { task } = expectStatus(await analyst.api.post(`/datasets/${dataset.id}/export`, order), 202);
      await finishedTask(analyst, task.id);
      expect((await listed(tenant, `?type=${type}`)).results).toMatchObject([
        { datasetId: dataset.id, taskId: task.id, data: { datasetName: dataset.name } },
      ]);
    }
    const [written] = (await listed(tenant, '?type=export.ready')).results;
    expect(written).toMatchObject({
      title: `${dataset.name} is exported`,
      text: `180 rows in 1 file are in ${order.to.prefix}.`,
    });
    expect((await listed(tenant, '?type=export.failed')).results[0]).toMatchObject({
      title: `${dataset.name} could not be exported`,
      data: { error: { code: 'conflict' } },
    });
    // By mail where nobody has chosen otherwise: what failed, not what went well.
    const subjects = () => new Set(mail.to(tenant.viewer.email).map(({ subject }) => subject));
    await until('both mails', async () => subjects().size === 2);
    expect(subjects()).toEqual(new Set([failed.title, `${dataset.name} could not be exported`]));
  });
});

const choiceOf = async (call: Promise<Answer>) => expectStatus(await call, 200).events['upload.ready'];

describe('choices of events and channels', () => {
  it('are one’s own, else the customer’s, else the default', async () => {
    const tenant = await system.make.tenant();
    const path = `/customers/${tenant.customerId}/notification-choices`;
    expect(await choiceOf(tenant.viewer.api.get(`${path}/mine`))).toEqual({
      channels: ['inApp'],
      chosenBy: 'default',
    });
    const shared = { events: { 'upload.ready': ['inApp', 'email'] } };
    expect(await choiceOf(tenant.owner.api.patch(path, shared))).toEqual({
      channels: ['inApp', 'email'],
      chosenBy: 'customer',
    });
    const own = { events: { 'upload.ready': [] } };
    expect(await choiceOf(tenant.viewer.api.patch(`${path}/mine`, own))).toEqual({
      channels: [],
      chosenBy: 'user',
    });
    const { upload } = await startDataset(tenant.analyst, tenant, sales());
    await ready(tenant.viewer.api, upload.id);
    expect((await listed(tenant)).count).toBe(0);
    await until('the mail to the owner', async () => mail.to(tenant.owner.email).length === 1);
    expect(mail.to(tenant.viewer.email)).toEqual([]);
    const back = { events: { 'upload.ready': null } };
    expect(await choiceOf(tenant.viewer.api.patch(`${path}/mine`, back))).toMatchObject({
      chosenBy: 'customer',
    });
    expect((await tenant.viewer.api.patch(path, shared)).status).toBe(403);
    expect((await tenant.owner.api.patch(path, { events: { nothing: ['email'] } })).status).toBe(400);
    expect((await tenant.owner.api.patch(path, { events: { 'upload.ready': ['fax'] } })).status).toBe(400);
  });
});

describe('e-mail', () => {
  it('has its server among what the api depends on, without needing it', async () => {
    const { dependencies } = expectStatus(await system.api.get('/health/ready'), 200);
    expect(dependencies.smtp).toEqual({ status: 'up', needed: false });
  });

  it('brings the segments of a report in text and in HTML, once to each member', async () => {
    const tenant = await system.make.tenant();
    const { reportId } = await finished(tenant);
    const members = [tenant.owner, tenant.analyst, tenant.viewer];
    await until('a mail to each', async () => members.every(({ email }) => mail.to(email).length > 0));
    const { segments } = expectStatus(await tenant.viewer.api.get(`/reports/${reportId}`), 200);
    for (const { email } of members) {
      const [message, ...rest] = mail.to(email);
      expect(rest).toEqual([]);
      expect(message).toMatchObject({
        subject: 'A report is ready: 3 segments of 40 shoppers',
        from: { name: 'DataCore', address: 'datacore@shop.example' },
      });
      for (const body of [message?.text ?? '', unescaped(message?.html ?? '')]) {
        expect(body).toContain(`https://datacore.example/reports/${reportId}`);
        for (const { label, summary } of segments) {
          expect(body).toContain(label);
          expect(body.replaceAll(/\s+/g, ' ')).toContain(summary);
        }
      }
    }
  });

  it('shows names as text, and lets none of them into its headers', async () => {
    const tenant = await system.make.tenant();
    const shared = { events: { 'upload.ready': ['email'] } };
    const choices = `/customers/${tenant.customerId}/notification-choices`;
    expectStatus(await tenant.owner.api.patch(choices, shared), 200);
    const form = new FormData();
    form.append('customerId', tenant.customerId);
    form.append('name', `<script>alert(1)</script>${unique('x')}`);
    form.append('file', new Blob([sales()]), 'a<b>.csv');
    const { upload } = expectStatus(await tenant.analyst.api.post('/datasets', form), 202);
    await ready(tenant.viewer.api, upload.id);
    const message = await until('the mail', async () => mail.to(tenant.owner.email)[0]);
    expect(message.html).not.toContain('<script>');
    expect(message.headers.filter(({ key }) => key === 'bcc')).toEqual([]);
  });

  it('D12: is sent again while the server is down, under one id', async () => {
    const tenant = await system.make.tenant();
    mail.refuse(2);
    await finished(tenant);
    const [message] = await until('the mail', async () => {
      const found = mail.to(tenant.viewer.email);
      return found.length > 0 && found;
    });
    const { rows } = await system.database.query<{ id: string; attempts: unknown[]; status: string }>(
      `SELECT id, attempts, status FROM deliveries WHERE user_id = $1`,
      [tenant.viewer.id],
    );
    expect(rows).toMatchObject([{ status: 'delivered' }]);
    expect(message?.messageId).toBe(`<${rows[0]?.id}@shop.example>`);
  });
});

const unescaped = (html: string): string =>
  html
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'");
