import { request } from 'node:http';
import type { ClientRequest } from 'node:http';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  expectStatus,
  startSystem,
  type System,
  type Tenant,
  unique,
  until,
} from './harness/index.js';
import { csvForm, ready, startDataset } from './harness/uploads.js';

let system: System;
afterEach(() => system.stop());

const isRefusal = ({ status, headers }: Answer): boolean =>
  (status === 503 || status === 429) && Number(headers.get('retry-after')) >= 1;

/** A table of its own. */
const table = (n: number, rows = 200): string =>
  `Shopper,n\n${Array.from({ length: rows }, (_, row) => `S${row},${n * rows + row}\n`).join('')}`;

describe('L4: an overload', () => {
  it('is refused at once with Retry-After, and everything that was accepted is done', async () => {
    const limits = { MAX_UPLOADS_IN_FLIGHT: '4', MAX_REQUESTS_IN_FLIGHT: '24' };
    system = await startSystem({ workers: 1, env: limits });
    const tenant = await system.make.tenant();
    const { api } = tenant.analyst;
    const { dataset, upload } = await startDataset(tenant.analyst, tenant, table(9999));
    await ready(api, upload.id);

    const uploads = Array.from({ length: 80 }, (_, n) =>
      api.post('/datasets', csvForm({ customerId: tenant.customerId, name: `n ${n}` }, table(n))),
    );
    const queries = Array.from({ length: 160 }, (_, n) =>
      api.get(`/datasets/${dataset.id}/rows?pageSize=50&page=${1 + (n % 4)}&filter[n][gte]=${n}`),
    );
    const alive = Array.from({ length: 20 }, () => system.api.get('/health/live'));
    const answers = { sent: await Promise.all(uploads), asked: await Promise.all(queries) };
    expect((await Promise.all(alive)).map(({ status }) => status)).toEqual(alive.map(() => 200));

    const accepted = answers.sent.filter(({ status }) => status === 202);
    const refused = [...answers.sent, ...answers.asked].filter(
      ({ status }) => status !== 202 && status !== 200,
    );
    expect(accepted.length).toBeGreaterThan(0);
    expect(answers.asked.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter((answer) => !isRefusal(answer))).toEqual([]);
    for (const { body } of accepted) {
      expect((await ready(api, body.upload.id)).rowCount).toBe(200);
    }
    const { count } = expectStatus(await api.get(`/datasets?customerId=${tenant.customerId}`), 200);
    expect(count).toBe(accepted.length + 1);
    const report = expectStatus(await system.admin.api.post('/admin/check'), 200);
    expect(report.differences).toEqual([]);
  });
});

/** Sends the head of a form and keeps its end back. */
class SlowUpload {
  private readonly outgoing: ClientRequest;
  readonly answered: Promise<number>;

  constructor(tenant: Tenant, n: number) {
    const boundary = unique('boundary');
    const part = (name: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    this.outgoing = request(`${system.baseUrl}/api/v1/datasets`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tenant.analyst.accessToken}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
      },
    });
    this.answered = new Promise((resolve, reject) => {
      this.outgoing.on('error', reject);
      this.outgoing.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
    });
    this.outgoing.write(part('customerId', tenant.customerId) + part('name', `slow ${n}`));
    this.outgoing.write(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${table(n, 1)}`,
    );
    this.end = () => this.outgoing.end(`\r\n--${boundary}--\r\n`);
  }

  end: () => void;
}

describe('the bounds of what is taken at a time', () => {
  it('MAX_UPLOADS_IN_FLIGHT: as many as allowed, one more is 503, and the next once there is place', async () => {
    system = await startSystem({
      env: { MAX_UPLOADS_IN_FLIGHT: '2', METRICS_TOKEN: 'token-of-the-metrics' },
    });
    const tenant = await system.make.tenant();
    const slow = [new SlowUpload(tenant, 1), new SlowUpload(tenant, 2)];
    const receiving = async () => {
      const { text } = await system.admin.api.get('/metrics');
      return Number(/^datacore_uploads_in_flight\{.*\} (\d+)$/m.exec(text)?.[1]);
    };
    await until('both to be received', async () => (await receiving()) === 2);
    const form = () => csvForm({ customerId: tenant.customerId, name: 'more' }, table(3, 1));
    const more = await tenant.analyst.api.post('/datasets', form());
    expect({ status: more.status, code: more.body?.code }).toEqual({ status: 503, code: 'unavailable' });
    expect(isRefusal(more)).toBe(true);
    slow[0]?.end();
    expect(await slow[0]?.answered).toBe(202);
    expect((await tenant.analyst.api.post('/datasets', form())).status).toBe(202);
    slow[1]?.end();
    expect(await slow[1]?.answered).toBe(202);
    await until('the place to be given back', async () => (await receiving()) === 0);
  });

  it('MAX_OPEN_TASKS_PER_CUSTOMER: as many as allowed, one more is 429; other customers are not concerned', async () => {
    system = await startSystem({ env: { MAX_OPEN_TASKS_PER_CUSTOMER: '2' } });
    const [tenant, other] = [await system.make.tenant(), await system.make.tenant()];
    const first = await startDataset(tenant.analyst, tenant, table(1));
    await startDataset(tenant.analyst, tenant, table(2));
    const form = () => csvForm({ customerId: tenant.customerId, name: 'more' }, table(3));
    const more = await tenant.analyst.api.post('/datasets', form());
    expect({ status: more.status, code: more.body?.code }).toEqual({ status: 429, code: 'rate_limited' });
    expect(isRefusal(more)).toBe(true);
    await startDataset(other.analyst, other, table(3));
    const { count } = expectStatus(
      await tenant.analyst.api.get(`/datasets?customerId=${tenant.customerId}`),
      200,
    );
    expect(count).toBe(2);
    expectStatus(await tenant.analyst.api.post(`/tasks/${first.task.id}/cancel`), 200);
    expect((await tenant.analyst.api.post('/datasets', form())).status).toBe(202);
  });
});

describe('a full disk', () => {
  it('C7: is 503 with Retry-After, nothing is left, and it is well again once there is space', async (context) => {
    const directory = mkdtempSync(join(tmpdir(), 'datacore-full-'));
    const mount = ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', directory];
    // Only a file system of its own can be filled, and only root may mount one.
    const isMounted = spawnSync('mount', mount).status === 0;
    // Once the system is stopped.
    context.onTestFinished(() => {
      if (isMounted) spawnSync('umount', [directory]);
      rmSync(directory, { recursive: true, force: true });
    });
    system = await startSystem({ env: isMounted ? { DATA_DIR: directory } : {} });
    context.skip(!isMounted, 'cannot mount a small file system');
    const tenant = await system.make.tenant();
    const large = Buffer.from(`n\n${'12345678\n'.repeat(4_000_000)}`);
    const form = () => csvForm({ customerId: tenant.customerId, name: 'large' }, large);
    const answer = await tenant.analyst.api.post('/datasets', form());
    expect({ status: answer.status, detail: answer.body?.detail }).toEqual({
      status: 503,
      detail: 'The storage is full.',
    });
    expect(isRefusal(answer)).toBe(true);
    expect(readdirSync(join(directory, 'blobs'))).toEqual(['incoming']);
    expect(readdirSync(join(directory, 'blobs/incoming'))).toEqual([]);
    expect(expectStatus(await tenant.analyst.api.get('/datasets'), 200).count).toBe(0);
    await startDataset(tenant.analyst, tenant, table(1));
  });
});
