import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '@app/database';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppProcess } from './harness/app-process.js';
import { ApiClient, expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';
import { inspect, runCommand, withFrames } from './harness/operator.js';
import { csvForm, finishedReport, ready, retailSample, startDataset } from './harness/uploads.js';

const API = fileURLToPath(new URL('../../dist/apps/api/src/main.js', import.meta.url));

let system: System;
let tenant: Tenant;
let directory: string;
let backup: string;

beforeAll(async () => {
  system = await startSystem({ workers: 1, env: { TASK_SWEEP_SECONDS: '1' } });
  tenant = await system.make.tenant();
  directory = mkdtempSync(join(tmpdir(), 'datacore-backup-'));
  backup = join(directory, 'backup');
});
afterAll(async () => {
  await system.stop();
  rmSync(directory, { recursive: true, force: true });
});

const table = (n: number): string =>
  `Shopper,n\n${Array.from({ length: 50 }, (_, row) => `S${row},${n * 50 + row}\n`).join('')}`;

async function wipe(): Promise<void> {
  await system.database.query('DROP SCHEMA public CASCADE');
  await system.database.query('CREATE SCHEMA public');
  await migrate(system.environment['DATABASE_URL'] ?? '');
  await withFrames(system, (frames) => frames.deleteMany({}));
  rmSync(join(system.dataDirectory, 'blobs'), { recursive: true });
}

it('C10: a backup taken under load brings back everything that was accepted before it began', async () => {
  const { api } = tenant.analyst;
  const retail = await startDataset(tenant.analyst, tenant, retailSample().csv);
  await ready(api, retail.upload.id);
  const keyed = await startDataset(tenant.analyst, tenant, 'Shopper,n\nA,1\nB,2\nC,3,4\n');
  await ready(api, keyed.upload.id);
  const fields = { mode: 'upsert', keyColumns: 'Shopper' };
  const more = await api.post(`/datasets/${keyed.dataset.id}/uploads`, csvForm(fields, 'Shopper,n\nA,7\n'));
  await ready(api, expectStatus(more, 202).upload.id);
  const asked = await api.post('/reports', {
    customerId: tenant.customerId,
    datasetIds: [retail.dataset.id],
    k: 3,
  });
  const report = await finishedReport(api, expectStatus(asked, 202).report.id);
  const members = await api.get(`/reports/${report.id}/segments/0/members?pageSize=100`);
  const rows = await api.get(`/datasets/${keyed.dataset.id}/rows`);

  const accepted: string[] = [];
  const enough = new AbortController();
  const load = (async () => {
    for (let n = 0; !enough.signal.aborted; n += 1) {
      const { upload } = await startDataset(tenant.analyst, tenant, table(n));
      accepted.push(upload.id);
      if (n % 5 === 4) expectStatus(await api.delete(`/uploads/${accepted[n - 2]}`), 204);
    }
  })();
  await until('some load', async () => accepted.length >= 5);
  const before = accepted.slice();
  const taken = await runCommand(system.environment, 'backup', backup);
  expect(taken).toMatchObject({ code: 0, errors: '' });
  enough.abort();
  await load;
  expect(accepted.length).toBeGreaterThan(before.length);

  await Promise.all([system.apiProcess, ...system.workers].map((process) => process.stop()));
  const refused = await runCommand(system.environment, 'restore', backup);
  expect(refused.code).toBe(2);
  expect(refused.errors).toContain('not empty');
  await wipe();
  expect(await runCommand(system.environment, 'restore', backup)).toMatchObject({ code: 0, errors: '' });
  expect(await inspect(system, 'check')).toMatchObject({ code: 0, differences: [] });
  expect(await inspect(system, 'scrub')).toMatchObject({ code: 0, differences: [] });

  const restarted = await AppProcess.start('api', API, system.environment);
  try {
    await system.startWorker();
    const { email, password } = tenant.analyst;
    const anonymous = new ApiClient(restarted.url);
    const login = expectStatus(await anonymous.post('/auth/login', { email, password }), 200);
    const again = anonymous.as(login.accessToken);
    for (const id of before) {
      const upload = await until(`upload ${id}`, async () => {
        const answer = await again.get(`/uploads/${id}`);
        const isOpen = answer.body?.status === 'queued' || answer.body?.status === 'processing';
        return !isOpen && answer;
      });
      const { status, rowCount, error } = upload.body;
      // Those of the load that were undone stay so.
      const isUndone = upload.status === 404 || status === 'cancelled';
      const isWell = isUndone || (status === 'ready' && rowCount === 50);
      expect({ id, isWell, status, error }).toMatchObject({ isWell: true });
    }
    expect((await again.get(`/reports/${report.id}/segments/0/members?pageSize=100`)).body).toEqual(
      members.body,
    );
    expect((await again.get(`/datasets/${keyed.dataset.id}/rows`)).body).toEqual(rows.body);
    const file = await again.get(`/uploads/${retail.upload.id}/file`);
    expect(file.text).toBe(retailSample().csv.toString());
    await until('all restored tasks to be done', async () => {
      const { rows: open } = await system.database.query(
        "SELECT 1 FROM tasks WHERE status IN ('queued', 'running')",
      );
      return open.length === 0;
    });
    expect(await inspect(system, 'check')).toMatchObject({ code: 0, differences: [] });
  } finally {
    await restarted.process.stop();
  }
});

it('a backup that is damaged or not whole is not brought back, and nothing of it', async () => {
  await Promise.all(system.workers.map((process) => process.stop()));
  await wipe();
  const manifest = join(backup, 'manifest.json');
  const users = join(backup, 'postgres/users.ndjson.gz');
  const frames = join(backup, 'frames.bson');
  for (const [file, said] of [
    [users, 'damaged'],
    [frames, 'damaged'],
  ] as const) {
    const bytes = readFileSync(file);
    appendFileSync(file, 'x');
    const outcome = await runCommand(system.environment, 'restore', backup);
    expect(outcome).toMatchObject({ code: 2, errors: expect.stringContaining(said) });
    writeFileSync(file, bytes);
  }
  const whole = readFileSync(manifest);
  rmSync(manifest);
  const outcome = await runCommand(system.environment, 'restore', backup);
  expect(outcome).toMatchObject({ code: 2, errors: expect.stringContaining('no whole backup') });
  writeFileSync(manifest, whole);
  const { rows } = await system.database.query('SELECT 1 FROM users');
  expect(rows).toEqual([]);
  expect(await withFrames(system, (stored) => stored.countDocuments())).toBe(0);
});

it('a backup goes into a directory of its own', async () => {
  expect(await runCommand(system.environment, 'backup', backup)).toMatchObject({
    code: 2,
    errors: expect.stringContaining('not empty'),
  });
  expect(await runCommand(system.environment, 'backup')).toMatchObject({
    code: 2,
    errors: expect.stringContaining('usage'),
  });
});
